package dev.torc.http;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What the checks of one kind have found.
///
/// @param kind `live` or `ready`
/// @param refused why the server is not ready whatever its checks say, such as `stopping`; or null
/// @param checks each check's result, in the order of their registration
public record HealthReport(String kind, @Nullable String refused, List<CheckResult> checks) {
    private static final int CONTROL_MAX = 0x1f;

    public HealthReport {
        checks = List.copyOf(checks);
    }

    /// Whether all is well.
    public boolean isUp() {
        for (CheckResult check : checks) if (!check.isUp()) return false;
        return refused == null;
    }

    /// `ready`, or `not ready` and a line for each reason.
    public String text() {
        StringBuilder text = new StringBuilder(isUp() ? "" : "not ").append(kind).append('\n');
        if (refused != null) text.append(refused).append('\n');
        for (CheckResult check : checks) {
            if (check.reason() != null) {
                text.append(check.name()).append(": ").append(check.reason()).append('\n');
            }
        }
        return text.toString();
    }

    /// One object: `{"status":"up","checks":[{"name":"db","status":"up","millis":3}]}`, with a
    /// `reason` where something is `down`.
    public String json() {
        StringBuilder json = new StringBuilder("{");
        status(json, isUp());
        if (refused != null) reason(json, refused);
        json.append(",\"checks\":[");
        String comma = "";
        for (CheckResult check : checks) {
            quote(check.name(), json.append(comma).append("{\"name\":"));
            status(json.append(','), check.isUp());
            if (check.reason() != null) reason(json, check.reason());
            json.append(",\"millis\":").append(check.millis()).append('}');
            comma = ",";
        }
        return json.append("]}\n").toString();
    }

    private static void status(StringBuilder json, boolean up) {
        json.append("\"status\":\"").append(up ? "up" : "down").append('"');
    }

    private static void reason(StringBuilder json, String reason) {
        quote(reason, json.append(",\"reason\":"));
    }

    /// RFC 8259 section 7.
    private static void quote(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else {
                json.append(c <= CONTROL_MAX ? ' ' : c);
            }
        }
        json.append('"');
    }
}

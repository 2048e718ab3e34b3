package dev.torc.http.h1;

import dev.torc.http.message.Ascii;
import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The request parser's twin: the grammar as regular expressions over a whole head, for the
/// samples' kind of input (origin-form and http URIs, no IPv6). Everything incomplete counts as
/// refused.
record NaiveParser(String verdict) {
    static final String[] SAMPLES = {
        "POST /a%20b?c=%41 HTTP/1.1\r\nHost: a:80\r\nContent-Length: 12\r\nExpect: x\r\n\r\n",
        "PUT http://Example.com/a?b HTTP/1.1\r\nhost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.0\r\nConnection: close, Keep-Alive\r\nX_1:y\r\nCookie: \t a=b; c  \r\n\r\n",
        "\r\nDELETE /x HTTP/1.1\r\nHost: h\r\nConnection: x,close\r\nContent-Length: 007\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: h\r\nA: \u00e9\u00ff~\r\nTransfer-Encoding: chunked\r\n\r\n",
    };

    private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
    private static final String REG_NAME = "(?:[A-Za-z0-9\\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})+";
    private static final String PCHAR = "(?:[A-Za-z0-9\\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})";
    private static final String QUERY = "(?:\\?((?:" + PCHAR + "|[/?])*))?";
    private static final Pattern REQUEST_LINE =
            Pattern.compile("(" + TOKEN + ") ([!-~]+) HTTP/1\\.([01])");
    private static final Pattern ORIGIN = Pattern.compile("(/(?:" + PCHAR + "|/)*)" + QUERY);
    private static final Pattern ABSOLUTE =
            Pattern.compile("(?i:https?)://([^/?]*)((?:/(?:" + PCHAR + "|/)*)?)" + QUERY);
    private static final Pattern HOST = Pattern.compile(REG_NAME + "(?::([0-9]*))?");
    private static final Pattern FIELD =
            Pattern.compile(
                    "(" + TOKEN + "):[ \t]*((?:[\t -~\u0080-\u00ff]*[!-~\u0080-\u00ff])?)[ \t]*");

    static NaiveParser parse(String text) {
        String verdict = verdict(text);
        return new NaiveParser(verdict == null ? "refused" : verdict);
    }

    private static @Nullable String verdict(String text) {
        int start = 0;
        while (start < 8 && text.startsWith("\r\n", start)) start += 2;
        int end = text.indexOf("\r\n\r\n", start);
        if (end <= start) return null;
        String[] lines = text.substring(start, end).split("\r\n", -1);
        Matcher request = REQUEST_LINE.matcher(lines[0]);
        if (!request.matches()) return null;
        String method = request.group(1);
        String target = target(method, request.group(2));
        if (target == null) return null;
        boolean ownHost = target.startsWith("absolute") || target.startsWith("authority");
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            Matcher field = FIELD.matcher(lines[i]);
            if (!field.matches()) return null;
            names.add(field.group(1).toLowerCase(Locale.ROOT));
            values.add(field.group(2));
        }
        String control = control(names, values, request.group(3).equals("1"), ownHost);
        return control == null ? null : method + " " + target + " " + names + values + control;
    }

    private static @Nullable String target(String method, String target) {
        if (method.equals("CONNECT")) {
            return isHost(target) && target.matches(".*:[0-9]+") ? "authority " : null;
        }
        if (target.equals("*")) return method.equals("OPTIONS") ? "asterisk *" : null;
        Matcher origin = ORIGIN.matcher(target);
        if (origin.matches()) return "origin " + origin.group(1) + "?" + origin.group(2);
        Matcher absolute = ABSOLUTE.matcher(target);
        if (!absolute.matches() || !isHost(absolute.group(1))) return null;
        String path = absolute.group(2).isEmpty() ? "/" : absolute.group(2);
        return "absolute " + path + "?" + absolute.group(3);
    }

    private static boolean isHost(String text) {
        Matcher host = HOST.matcher(text);
        if (!host.matches()) return false;
        String port = host.group(1);
        return port == null || port.isEmpty() || new BigInteger(port).bitLength() <= 16;
    }

    private static @Nullable String control(
            List<String> names, List<String> values, boolean current, boolean ownHost) {
        int hosts = 0;
        long length = -1;
        boolean chunked = false;
        boolean close = false;
        boolean keep = false;
        for (int i = 0; i < names.size(); i++) {
            String value = values.get(i);
            switch (names.get(i)) {
                case "host" -> {
                    boolean valid = value.isEmpty() ? ownHost : isHost(value);
                    if (!valid || hosts++ > 0) return null;
                }
                case "content-length" -> {
                    if (length >= 0 || !value.matches("0*[0-9]{1,18}")) return null;
                    length = Long.parseLong(value);
                }
                case "transfer-encoding" -> {
                    if (chunked || !current || !value.equalsIgnoreCase("chunked")) return null;
                    chunked = true;
                }
                case "connection" -> {
                    if (!value.matches("(?:" + TOKEN + ")?(?:[ \t]*,[ \t]*(?:" + TOKEN + ")?)*"))
                        return null;
                    String list =
                            "," + value.toLowerCase(Locale.ROOT).replaceAll("[ \t]", "") + ",";
                    close |= list.contains(",close,");
                    keep |= list.contains(",keep-alive,");
                }
                default -> {}
            }
        }
        if ((current && hosts == 0) || (chunked && length >= 0)) return null;
        return " " + length + chunked + (!close && (current || keep));
    }

    /// What the parser under test found, in the words of [#verdict()].
    static String describe(RequestHead head) {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < head.headerCount(); i++) {
            names.add(head.fields().name(i).toLowerCase(Locale.ROOT));
            values.add(head.fields().value(i));
        }
        String query =
                head.hasQuery()
                        ? Ascii.text(
                                head.address() + head.queryStart(),
                                head.queryEnd() - head.queryStart())
                        : null;
        String target =
                switch (head.form()) {
                    case ORIGIN -> "origin " + head.path() + "?" + query;
                    case ABSOLUTE -> "absolute " + head.path() + "?" + query;
                    case AUTHORITY -> "authority ";
                    case ASTERISK -> "asterisk " + head.path();
                };
        String control = " " + head.contentLength() + head.isChunked() + head.isKeepAlive();
        return head.methodText() + " " + target + " " + names + values + control;
    }
}

package dev.torc.http.h1;

import dev.torc.http.HttpLimits;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.NaiveAuthority;
import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The request parser's twin: the grammar in regular expressions and splits over a whole head.
/// Everything incomplete counts as refused.
///
/// @param verdict what the head says, or `refused`
/// @param length bytes of the head
/// @param contentLength bytes of content announced, or -1
public record NaiveParser(
        String verdict, int length, long contentLength, boolean chunked, boolean keepAlive) {
    static final String[] SAMPLES = {
        "POST /a%20b?c=%41 HTTP/1.1\r\nHost: a:80\r\nContent-Length: 12\r\nExpect: x\r\n\r\n",
        "PUT http://Example.com/a?b HTTP/1.1\r\nhost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.0\r\nConnection: close, Keep-Alive\r\nX_1:y\r\nCookie: \t a=b; c  \r\n\r\n",
        "\r\nDELETE /x HTTP/1.1\r\nHost: h\r\nConnection: x,close\r\nContent-Length: 007\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: h\r\nA: \u00e9\u00ff~\r\nTransfer-Encoding: chunked\r\n\r\n",
    };

    private static final NaiveParser REFUSED = new NaiveParser("refused", 0, -1, false, false);
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]+");
    private static final Pattern TEXT = Pattern.compile("[\t -~\u0080-\u00ff]*");
    private static final Pattern REQUEST_LINE = Pattern.compile("([^ ]+) ([!-~]+) HTTP/1\\.([01])");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://([^/?]*)(.*)");
    private static final Pattern TRIPLET = Pattern.compile("%[0-9A-Fa-f]{2}");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9\\-._~!$&'()*+,;=:@/]*");
    private static final Pattern QUERY = Pattern.compile("[A-Za-z0-9\\-._~!$&'()*+,;=:@/?]*");

    static NaiveParser parse(String text) {
        return parse(text, HttpLimits.defaults());
    }

    /// Parses the head that `text`, one char a byte, begins with.
    public static NaiveParser parse(String text, HttpLimits limits) {
        int start = 0;
        while (start < 8 && text.startsWith("\r\n", start)) start += 2;
        int end = text.indexOf("\r\n\r\n", start) + 4;
        if (end <= start + 4 || end > limits.headBytesMax()) return REFUSED;
        String[] lines = text.substring(start, end - 4).split("\r\n", -1);
        boolean fits =
                lines[0].length() + 2 <= limits.requestLineBytesMax()
                        && lines.length - 1 <= limits.headerCountMax();
        Matcher request = REQUEST_LINE.matcher(lines[0]);
        if (!fits || !request.matches()) return REFUSED;
        String method = request.group(1);
        String target = target(method, request.group(2));
        if (!TOKEN.matcher(method).matches() || target == null) return REFUSED;
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 0 || !TOKEN.matcher(lines[i].substring(0, colon)).matches()) return REFUSED;
            String value = lines[i].substring(colon + 1);
            if (!TEXT.matcher(value).matches()) return REFUSED;
            names.add(lines[i].substring(0, colon).toLowerCase(Locale.ROOT));
            values.add(trimmed(value));
        }
        boolean current = request.group(3).equals("1");
        boolean ownHost = target.startsWith("absolute") || target.startsWith("authority");
        NaiveParser control = control(names, values, current, ownHost);
        if (control.equals(REFUSED)) return REFUSED;
        return new NaiveParser(
                method + " " + target + " " + names + values + control.verdict,
                end,
                control.contentLength,
                control.chunked,
                control.keepAlive);
    }

    /// Without the spaces and tabs around it.
    static String trimmed(String value) {
        int start = 0;
        int end = value.length();
        while (start < end && " \t".indexOf(value.charAt(start)) >= 0) start++;
        while (end > start && " \t".indexOf(value.charAt(end - 1)) >= 0) end--;
        return value.substring(start, end);
    }

    /// Form, path and query of a target, or null if it is none.
    private static @Nullable String target(String method, String target) {
        if (method.equals("CONNECT")) {
            return NaiveAuthority.isValidWithPort(target) ? "authority " : null;
        }
        if (target.equals("*")) return method.equals("OPTIONS") ? "asterisk *" : null;
        if (target.startsWith("/")) return pathAndQuery("origin ", target);
        Matcher absolute = ABSOLUTE.matcher(target);
        if (!absolute.matches() || !NaiveAuthority.isValid(absolute.group(1))) return null;
        String rest = absolute.group(2);
        return pathAndQuery("absolute ", rest.startsWith("/") ? rest : "/" + rest);
    }

    private static @Nullable String pathAndQuery(String form, String text) {
        String[] parts = text.split("\\?", 2);
        String query = parts.length == 1 ? null : parts[1];
        boolean valid = fits(PATH, parts[0]) && (query == null || fits(QUERY, query));
        return valid ? form + parts[0] + "?" + query : null;
    }

    private static boolean fits(Pattern characters, String text) {
        return characters.matcher(TRIPLET.matcher(text).replaceAll("")).matches();
    }

    private static NaiveParser control(
            List<String> names, List<String> values, boolean current, boolean ownHost) {
        int hosts = 0;
        long length = -1;
        boolean chunked = false;
        boolean expects = false;
        Set<String> connection = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String value = values.get(i);
            switch (names.get(i)) {
                case "host" -> {
                    boolean valid = value.isEmpty() ? ownHost : NaiveAuthority.isValid(value);
                    if (!valid || hosts++ > 0) return REFUSED;
                }
                case "content-length" -> {
                    if (length >= 0 || !value.matches("[0-9]+")) return REFUSED;
                    BigInteger number = new BigInteger(value);
                    if (number.bitLength() > 63) return REFUSED;
                    length = number.longValueExact();
                }
                case "transfer-encoding" -> {
                    if (chunked || !current || !value.equalsIgnoreCase("chunked")) return REFUSED;
                    chunked = true;
                }
                case "connection" -> {
                    for (String option : value.toLowerCase(Locale.ROOT).split(",", -1)) {
                        connection.add(trimmed(option));
                    }
                }
                case "expect" -> expects |= value.equalsIgnoreCase("100-continue");
                default -> {}
            }
        }
        connection.remove("");
        boolean tokens = connection.stream().allMatch(one -> TOKEN.matcher(one).matches());
        if (!tokens || (current && hosts == 0) || (chunked && length >= 0)) return REFUSED;
        boolean keep =
                !connection.contains("close") && (current || connection.contains("keep-alive"));
        String verdict = " " + length + chunked + keep + (expects && current);
        return new NaiveParser(verdict, 0, length, chunked, keep);
    }

    /// What the parser under test found, in the words of [#verdict()].
    public static String describe(RequestHead head) {
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
        String control =
                " "
                        + head.contentLength()
                        + head.isChunked()
                        + head.isKeepAlive()
                        + head.expectsContinue();
        return head.methodText() + " " + target + " " + names + values + control;
    }
}

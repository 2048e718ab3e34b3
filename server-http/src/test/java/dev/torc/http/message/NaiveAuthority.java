package dev.torc.http.message;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// [Authority]'s naive twin, by regular expressions and by counting what colons separate.
public final class NaiveAuthority {
    private static final Pattern PARTS = Pattern.compile("(\\[[^\\]]*\\]|[^:\\[\\]]*)(:([0-9]*))?");
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    private static final Pattern GROUP = Pattern.compile("[0-9A-Fa-f]{1,4}");
    private static final Pattern REG_NAME = Pattern.compile("[A-Za-z0-9\\-._~!$&'()*+,;=]*");
    private static final Pattern TRIPLET = Pattern.compile("%[0-9A-Fa-f]{2}");

    private NaiveAuthority() {}

    public static boolean isValid(String text) {
        return isValid(text, false);
    }

    public static boolean isValidWithPort(String text) {
        return isValid(text, true);
    }

    private static boolean isValid(String text, boolean withPort) {
        Matcher parts = PARTS.matcher(text);
        if (!parts.matches() || !isHost(parts.group(1))) return false;
        String port = parts.group(3);
        if (port == null || port.isEmpty()) return !withPort;
        return new BigInteger(port).bitLength() <= 16;
    }

    private static boolean isHost(String host) {
        if (host.startsWith("[")) return isIpv6(host.substring(1, host.length() - 1));
        String literal = TRIPLET.matcher(host).replaceAll("");
        return !host.isEmpty() && REG_NAME.matcher(literal).matches();
    }

    private static boolean isIpv6(String address) {
        int gap = address.indexOf("::");
        if (gap >= 0 && address.indexOf("::", gap + 1) >= 0) return false;
        List<String> groups = new ArrayList<>();
        if (gap < 0) {
            groups.addAll(List.of(address.split(":", -1)));
        } else {
            if (gap > 0) groups.addAll(List.of(address.substring(0, gap).split(":", -1)));
            String behind = address.substring(gap + 2);
            if (!behind.isEmpty()) groups.addAll(List.of(behind.split(":", -1)));
        }
        boolean ipv4 =
                !groups.isEmpty()
                        && !address.endsWith(":")
                        && IPV4.matcher(groups.getLast()).matches();
        int count = groups.size() + (ipv4 ? 1 : 0);
        if (ipv4) groups.removeLast();
        boolean hexadecimal = groups.stream().allMatch(group -> GROUP.matcher(group).matches());
        return hexadecimal && (gap < 0 ? count == 8 : count <= 7);
    }
}

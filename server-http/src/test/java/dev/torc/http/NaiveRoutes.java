package dev.torc.http;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/// [RouteTree]'s naive twin: tries every template and takes the most specific one that fits. Also
/// makes up templates and paths that meet often.
final class NaiveRoutes {
    private static final Pattern TRIPLET = Pattern.compile("%[0-9A-Fa-f]{2}");
    private static final List<String> LITERALS =
            List.of(
                    "a",
                    "b",
                    "ab",
                    "a b",
                    "\u00e9",
                    "eight888",
                    "nine99999",
                    "seventeen77777777",
                    "%",
                    "7",
                    "-40",
                    "07",
                    "8589934592",
                    "123e4567-e89b-12d3-a456-426614174000");
    private static final List<String> KINDS =
            List.of("literal", "{:int}", "{:long}", "{:uuid}", "{}", "{...}");
    private static final List<String> TYPES = List.of(":int", ":long", ":uuid", "");
    private static final Pattern UUID =
            Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final List<String> BROKEN = List.of("%", "%a", "%g1", "%FF", "%C3", "%C0%80");

    private final List<String> templates = new ArrayList<>();

    /// False if a template of this shape is there.
    boolean add(String template) {
        if (templates.stream().anyMatch(other -> kinds(other).equals(kinds(template))))
            return false;
        return templates.add(template);
    }

    /// The template that fits with its decoded values, `NOT_FOUND` or `MALFORMED`.
    String match(String path) {
        if (decode(path) == null) return "MALFORMED";
        return templates.stream()
                .filter(template -> values(template, path) != null)
                .min(Comparator.comparing(NaiveRoutes::rank))
                .map(template -> template + " " + values(template, path))
                .orElse("NOT_FOUND");
    }

    @Override
    public String toString() {
        return templates.toString();
    }

    static String randomTemplate(Random random) {
        StringBuilder template = new StringBuilder();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            template.append('/');
            int kind = random.nextInt(10);
            if (kind < 6) template.append(LITERALS.get(random.nextInt(LITERALS.size())));
            else if (kind < 9)
                template.append("{p").append(i).append(randomType(random)).append('}');
            else return template.append("{rest...}").toString();
        }
        return random.nextInt(8) == 0 ? template.append('/').toString() : template.toString();
    }

    private static String randomType(Random random) {
        return TYPES.get(random.nextInt(TYPES.size()));
    }

    private static boolean isOfType(String parameter, @Nullable String value) {
        if (value == null || !parameter.contains(":")) return true;
        String type = parameter.substring(parameter.indexOf(':') + 1, parameter.length() - 1);
        if (type.equals("uuid")) return UUID.matcher(value).matches();
        if (!value.matches("-?[0-9]{1,19}")) return false;
        BigInteger number = new BigInteger(value);
        boolean fits = number.bitLength() < (type.equals("int") ? 32 : 64);
        return fits && number.toString().equals(value);
    }

    static String randomPath(Random random) {
        StringBuilder path = new StringBuilder();
        int count = 1 + random.nextInt(5);
        int encodedOf10 = random.nextInt(3) * 3;
        for (int i = 0; i < count; i++) {
            path.append('/');
            if (random.nextInt(15) == 0) continue;
            String literal = LITERALS.get(random.nextInt(LITERALS.size()));
            if (random.nextInt(20) == 0) literal += "/";
            encode(literal, encodedOf10, random, path);
            if (random.nextInt(150) == 0) path.append(BROKEN.get(random.nextInt(BROKEN.size())));
        }
        return path.toString();
    }

    private static void encode(String text, int encodedOf10, Random random, StringBuilder path) {
        for (int character : text.codePoints().toArray()) {
            boolean must = character <= ' ' || character == '%' || character == '/';
            if (!must && random.nextInt(10) >= encodedOf10) {
                path.appendCodePoint(character);
                continue;
            }
            for (byte octet : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
                path.append(
                        random.nextBoolean()
                                ? "%%%02x".formatted(octet)
                                : "%%%02X".formatted(octet));
            }
        }
    }

    private static @Nullable List<String> values(String template, String path) {
        String[] wanted = template.substring(1).split("/", -1);
        String[] given = path.substring(1).split("/", -1);
        List<String> values = new ArrayList<>();
        for (int i = 0; i < wanted.length; i++) {
            if (i == given.length) return null;
            if (wanted[i].endsWith("...}")) {
                values.add(decode(String.join("/", List.of(given).subList(i, given.length))));
                return values;
            }
            if (wanted[i].startsWith("{")) {
                String value = decode(given[i]);
                if (given[i].isEmpty() || !isOfType(wanted[i], value)) return null;
                values.add(value);
            } else if (!wanted[i].equals(decode(given[i]))) {
                return null;
            }
        }
        return wanted.length == given.length ? values : null;
    }

    /// The literals of a template with its parameters' names left out.
    private static List<String> kinds(String template) {
        List<String> kinds = new ArrayList<>();
        for (String part : template.split("/", -1)) kinds.add(part.replaceAll("\\{\\w+", "{"));
        return kinds;
    }

    /// Sorts by the first segment in which two templates differ, as [#KINDS] are.
    private static String rank(String template) {
        StringBuilder rank = new StringBuilder();
        for (String part : kinds(template)) {
            int of = KINDS.indexOf(part);
            rank.append(Math.max(of, 0));
        }
        return rank.toString();
    }

    /// Decodes the slow way, null if it is malformed.
    static @Nullable String decode(String text) {
        if (TRIPLET.matcher(text).replaceAll("").indexOf('%') >= 0) return null;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '%') {
                decoded.write(bytes[i]);
                continue;
            }
            decoded.write(
                    Integer.parseInt(new String(bytes, i + 1, 2, StandardCharsets.US_ASCII), 16));
            i += 2;
        }
        try {
            ByteBuffer buffer = ByteBuffer.wrap(decoded.toByteArray());
            return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }
}

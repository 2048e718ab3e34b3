package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.RouteMatch.Outcome;
import dev.torc.http.RouteTree.Route;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

class RouteTreeTest {
    private final RouteTree<String> tree = new RouteTree<>();

    @Test
    void findsLiteralPath() {
        add("/a/b");
        assertEquals("/a/b []", found("/a/b"));
        assertEquals("NOT_FOUND", found("/a"));
        assertEquals("NOT_FOUND", found("/a/bb"));
        assertEquals("NOT_FOUND", found("/a/b/c"));
    }

    @Test
    void findsRoot() {
        add("/");
        assertEquals("/ []", found("/"));
        assertEquals("NOT_FOUND", found("//"));
    }

    @Test
    void findsNothingInAnEmptyTree() {
        assertEquals("NOT_FOUND", found("/"));
        assertEquals("NOT_FOUND", found(""));
        assertEquals("NOT_FOUND", found("*"));
    }

    @Test
    void findsNothingForWhatIsNoPath() {
        add("/{rest...}");
        assertEquals("NOT_FOUND", found(""));
        assertEquals("NOT_FOUND", found("*"));
        assertEquals("NOT_FOUND", found("a"));
    }

    @Test
    void capturesParameters() {
        add("/users/{id}/posts/{post}");
        assertEquals("/users/{id}/posts/{post} [7, hello]", found("/users/7/posts/hello"));
    }

    @Test
    void parameterTakesNoEmptySegment() {
        add("/hello/{name}");
        assertEquals("NOT_FOUND", found("/hello/"));
        assertEquals("NOT_FOUND", found("/hello//"));
        assertEquals("NOT_FOUND", found("/hello"));
    }

    @Test
    void restTakesAllThatRemains() {
        add("/static/{rest...}");
        assertEquals("/static/{rest...} [css/site.css]", found("/static/css/site.css"));
        assertEquals("/static/{rest...} [/a//]", found("/static//a//"));
    }

    @Test
    void restMayBeEmptyButNeedsItsSlash() {
        add("/static/{rest...}");
        assertEquals("/static/{rest...} []", found("/static/"));
        assertEquals("NOT_FOUND", found("/static"));
    }

    @Test
    void restAtTheRootTakesEveryPath() {
        add("/{rest...}");
        assertEquals("/{rest...} []", found("/"));
        assertEquals("/{rest...} [a/b]", found("/a/b"));
    }

    @Test
    void tellsFinalSlashApart() {
        add("/a");
        add("/b/");
        assertEquals("/a []", found("/a"));
        assertEquals("NOT_FOUND", found("/a/"));
        assertEquals("/b/ []", found("/b/"));
        assertEquals("NOT_FOUND", found("/b"));
    }

    @Test
    void prefersStaticOverParameter() {
        add("/a/{x}");
        add("/a/b");
        assertEquals("/a/b []", found("/a/b"));
        assertEquals("/a/{x} [c]", found("/a/c"));
    }

    @Test
    void prefersParameterOverRest() {
        add("/a/{rest...}");
        add("/a/{x}");
        assertEquals("/a/{x} [b]", found("/a/b"));
        assertEquals("/a/{rest...} [b/c]", found("/a/b/c"));
    }

    @Test
    void goesBackFromStaticToParameter() {
        add("/a/b/d");
        add("/a/{x}/c");
        assertEquals("/a/{x}/c [b]", found("/a/b/c"));
        assertEquals("/a/b/d []", found("/a/b/d"));
    }

    @Test
    void goesBackSeveralSegments() {
        add("/a/b/c/d");
        add("/a/{x}/c/e/{y}");
        add("/{all...}");
        assertEquals("/a/{x}/c/e/{y} [b, f]", found("/a/b/c/e/f"));
        assertEquals("/{all...} [a/b/c/e]", found("/a/b/c/e"));
    }

    @Test
    void prefersRestBelowAStaticOverAnEarlierParameter() {
        add("/{x}/b");
        add("/a/{rest...}");
        assertEquals("/a/{rest...} [b]", found("/a/b"));
    }

    @Test
    void decodesBeforeComparing() {
        add("/plaintext");
        add("/caf\u00e9/a b");
        add("/100%");
        assertEquals("/plaintext []", found("/%70laintext"));
        assertEquals("/plaintext []", found("/%70%6c%61%69%6E%74%65%78%74"));
        assertEquals("/caf\u00e9/a b []", found("/caf%C3%A9/a%20b"));
        assertEquals("/100% []", found("/100%25"));
        assertEquals("NOT_FOUND", found("/%2570laintext"));
        assertEquals("NOT_FOUND", found("/%70laintex"));
        assertEquals("NOT_FOUND", found("/%70laintext1"));
    }

    @Test
    void decodesValues() {
        add("/hello/{name}");
        assertEquals("/hello/{name} [J\u00fcrgen +]", found("/hello/J%C3%BCrgen%20+"));
    }

    @Test
    void keepsEncodedSlashInItsSegment() {
        add("/a/b");
        add("/{x}");
        assertEquals("/{x} [a/b]", found("/a%2Fb"));
        assertEquals("/{x} [a/b]", found("/a%2fb"));
        assertEquals("NOT_FOUND", found("/a%2Fb/c"));
        assertEquals("/{x} [/a/b]", found("/%2Fa%2Fb"));
    }

    @Test
    void keepsRawRangeOfARestWithEncodedSlash() {
        add("/static/{rest...}");
        assertEquals("/static/{rest...} [a/b/c]", found("/static/a%2Fb/c"));
        RouteMatch<String> match = matched("/static/a%2Fb/c");
        assertEquals("/static/".length(), match.offset(0));
        assertEquals("a%2Fb/c".length(), match.length(0));
    }

    @Test
    void reportsMalformedPathWhateverTheRoutes() {
        for (String path :
                List.of("/%", "/%4", "/a%zz", "/%FF", "/%C3", "/a/%C3/%A9", "/%ED%A0%80")) {
            assertEquals("MALFORMED", found(path), path);
        }
    }

    @Test
    void takesUtf8ThatIsNotEncoded() {
        add("/caf\u00e9");
        assertEquals("/caf\u00e9 []", found("/caf\u00e9"));
    }

    @Test
    void treatsDotSegmentsAsLiterals() {
        add("/a");
        add("/static/{rest...}");
        assertEquals("NOT_FOUND", found("/./a"));
        assertEquals("/static/{rest...} [../a]", found("/static/../a"));
    }

    @Test
    void findsLiteralsOfEveryLength() {
        String name = "abcdefghijklmnopqrstuvwxyz";
        for (int length = 1; length <= name.length(); length++)
            add("/" + name.substring(0, length));
        for (int length = 1; length <= name.length(); length++) {
            String path = "/" + name.substring(0, length);
            assertEquals(path + " []", found(path));
            assertEquals("NOT_FOUND", found(path + "!"));
        }
    }

    @Test
    void refusesTwoRoutesOfOneShape() {
        add("/a/{x}");
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> add("/a/{y}"));
        assertEquals(
                "two routes match the same requests: GET /a/{x} and GET /a/{y}",
                refusal.getMessage());
    }

    @Test
    void takesOneShapeForTwoMethods() {
        tree.add(Method.GET, "/a/{x}", "get");
        tree.add(Method.PUT, "/a/{y}", "put");
        RouteMatch<String> match = matched("/a/1");
        assertEquals(List.of("x"), route(match, Method.GET).template().parameterNames());
        assertEquals(List.of("y"), route(match, Method.PUT).template().parameterNames());
    }

    @Test
    void choosesTheResourceBeforeTheMethod() {
        tree.add(Method.GET, "/users/{id}", "one");
        tree.add(Method.POST, "/users/search", "search");
        RouteMatch<String> match = matched("/users/search");
        assertNull(match.route(Method.GET));
        assertEquals("POST, OPTIONS", match.allow());
    }

    @Test
    void visitsEachNodeAtMostOnce() {
        // Every combination of a literal and a parameter, which is the worst a developer can
        // register.
        int depth = 10;
        for (int shape = 0; shape < 1 << depth; shape++) {
            StringBuilder template = new StringBuilder();
            for (int i = 0; i < depth; i++) {
                template.append((shape >>> i & 1) == 0 ? "/a" : "/{p" + i + "}");
            }
            add(template + "/end");
        }
        assertEquals("NOT_FOUND", found("/a".repeat(depth) + "/other"));
        assertEquals("NOT_FOUND", found("/a".repeat(4000)));
        assertEquals("/a".repeat(depth) + "/end []", found("/a".repeat(depth) + "/end"));
    }

    @Test
    void visitsEachNodeAtMostOnceForManyTypes() {
        int depth = 7;
        for (int shape = 0; shape < Math.pow(3, depth); shape++) {
            StringBuilder template = new StringBuilder();
            for (int i = 0, rest = shape; i < depth; i++, rest /= 3) {
                String type = List.of("", ":int", ":long").get(rest % 3);
                template.append("/{p").append(i).append(type).append('}');
            }
            add(template + "/end");
        }
        assertEquals("NOT_FOUND", found("/1".repeat(depth) + "/other"));
        assertEquals("NOT_FOUND", found("/1".repeat(4000)));
        assertEquals("NOT_FOUND", found(("/" + "1".repeat(1000)).repeat(depth) + "/other"));
    }

    @Test
    void agreesWithTheNaiveTwin() {
        for (int round = 0; round < 300; round++) {
            long seed = 0x5eed_0000L + round;
            compareWithTwin(seed, new Random(seed));
        }
    }

    @Test
    void matchAllocatesNothing() {
        add("/plaintext");
        add("/hello/{name}");
        add("/static/{rest...}");
        add("/caf\u00e9");
        add("/hello/{n:int}/{u:uuid}");
        String paths =
                "/plaintext /hello/world /static/a/b.css /caf%C3%A9 /hello/%4a /nothing/here"
                        + " /hello/77/123e4567-e89b-12d3-a456-426614174000 /hello/%37/x";
        int[] offsets =
                IntStream.range(0, paths.length())
                        .filter(at -> at == 0 || paths.startsWith(" /", at - 1))
                        .toArray();
        RouteMatch<String> match = new RouteMatch<>();
        long allocated =
                NativeText.with(
                        paths,
                        text ->
                                AllocatedBytes.steady(
                                        () -> matchAll(text, offsets, match, 100_000)));
        assertEquals(0, allocated, "bytes in 100,000 matches");
    }

    private void matchAll(NativeText text, int[] offsets, RouteMatch<String> match, int count) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            int path = i % offsets.length;
            int end = path + 1 < offsets.length ? offsets[path + 1] - 1 : text.length();
            int length = end - offsets[path];
            Outcome outcome = tree.match(text.address() + offsets[path], length, match);
            if (outcome == Outcome.FOUND && match.route(Method.GET) != null) found++;
        }
        assertTrue(found > count / 2);
    }

    private static void compareWithTwin(long seed, Random random) {
        RouteTree<String> tree = new RouteTree<>();
        NaiveRoutes twin = new NaiveRoutes();
        int count = 1 + random.nextInt(40);
        for (int i = 0; i < count; i++) {
            String template = NaiveRoutes.randomTemplate(random);
            if (twin.add(template)) tree.add(Method.GET, template, template);
        }
        for (int i = 0; i < 100; i++) {
            String path = NaiveRoutes.randomPath(random);
            assertEquals(
                    twin.match(path),
                    match(tree, path),
                    () -> "seed=" + seed + ", path=" + path + ", routes=" + twin);
        }
    }

    private void add(String template) {
        tree.add(Method.GET, template, template);
    }

    private RouteMatch<String> matched(String path) {
        RouteMatch<String> match = new RouteMatch<>();
        Outcome outcome =
                NativeText.with(path, text -> tree.match(text.address(), text.length(), match));
        assertEquals(Outcome.FOUND, outcome);
        return match;
    }

    private static Route<String> route(RouteMatch<String> match, Method method) {
        return Objects.requireNonNull(match.route(method));
    }

    private String found(String path) {
        return match(tree, path);
    }

    private static String match(RouteTree<String> tree, String path) {
        RouteMatch<String> match = new RouteMatch<>();
        return NativeText.with(
                path,
                text -> {
                    Outcome outcome = tree.match(text.address(), text.length(), match);
                    if (outcome != Outcome.FOUND) return outcome.toString();
                    List<@Nullable String> values = new ArrayList<>();
                    for (int i = 0; i < match.parameterCount(); i++) {
                        long value = text.address() + match.offset(i);
                        values.add(PercentDecoding.text(value, match.length(i)));
                    }
                    return route(match, Method.GET).target() + " " + values;
                });
    }
}

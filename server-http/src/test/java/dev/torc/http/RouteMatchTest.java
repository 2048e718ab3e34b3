package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.http.RouteTree.Route;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouteMatchTest {
    private final RouteTree<String> tree = new RouteTree<>();
    private final RouteMatch<String> match = new RouteMatch<>();

    @Test
    void impliesHeadByGet() {
        tree.add(Method.GET, "/a", "get");
        match("/a");
        assertEquals("get", target(Method.HEAD));
        assertEquals("GET, HEAD, OPTIONS", match.allow());
    }

    @Test
    void prefersItsOwnHead() {
        tree.add(Method.HEAD, "/a", "head");
        tree.add(Method.GET, "/a", "get");
        match("/a");
        assertEquals("head", target(Method.HEAD));
    }

    @Test
    void impliesNoGetByHead() {
        tree.add(Method.HEAD, "/a", "head");
        match("/a");
        assertNull(target(Method.GET));
        assertEquals("HEAD, OPTIONS", match.allow());
    }

    @Test
    void listsAllowedMethodsInOneOrder() {
        tree.add(Method.DELETE, "/a", "delete");
        tree.add(Method.POST, "/a", "post");
        match("/a");
        assertEquals("POST, DELETE, OPTIONS", match.allow());
        assertNull(target(Method.OPTIONS));
    }

    @Test
    void servesUnknownMethodsByOtherWithoutListingThem() {
        tree.add(Method.OTHER, "/a", "other");
        match("/a");
        assertEquals("other", target(Method.OTHER));
        assertEquals("OPTIONS", match.allow());
    }

    @Test
    void forgetsTheMatchBefore() {
        tree.add(Method.GET, "/a/{x}", "get");
        match("/a/b");
        assertEquals(1, match.parameterCount());
        assertNotNull(match.route(Method.GET));
        match("/other");
        assertEquals(0, match.parameterCount());
        assertNull(match.route(Method.GET));
        assertEquals("", match.allow());
        match("/%zz");
        assertNull(match.route(Method.GET));
    }

    @Test
    void tellsRawRangesFromTheStartOfThePath() {
        tree.add(Method.GET, "/{x}/b/{y}", "get");
        match("/%61%62/b/cde");
        assertEquals(1, match.offset(0));
        assertEquals(6, match.length(0));
        assertEquals(10, match.offset(1));
        assertEquals(3, match.length(1));
        assertThrows(IndexOutOfBoundsException.class, () -> match.offset(2));
        assertThrows(IndexOutOfBoundsException.class, () -> match.length(-1));
    }

    @Test
    void holdsTheMostParametersATemplateMayHave() {
        StringBuilder template = new StringBuilder();
        for (int i = 0; i < RouteTemplate.PARAMETERS_MAX - 1; i++) {
            template.append("/{p").append(i).append('}');
        }
        tree.add(Method.GET, template + "/{rest...}", "get");
        match("/v".repeat(40));
        assertEquals(RouteTemplate.PARAMETERS_MAX, match.parameterCount());
    }

    private void match(String path) {
        NativeText.with(path, text -> tree.match(text.address(), text.length(), match));
    }

    private @Nullable String target(Method method) {
        Route<String> route = match.route(method);
        return route == null ? null : route.target();
    }
}

package dev.torc.http;

import dev.torc.core.memory.Memory;
import dev.torc.http.ParameterTypes.Named;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;

/// Routes by path segment: at every segment a literal comes before `{name:type}`, that before
/// `{name}` and that before `{rest...}`, whatever the order of registration. Types are tried in the
/// order of their rank.
///
/// The path chooses the resource, then the method its route (RFC 9110 3.1): a path that the most
/// specific template fits is answered 405 there even if a less specific one takes the method.
///
/// Literals are compared with decoded segments; `%2F` stays inside its segment. `/static/{rest...}`
/// takes `/static/` (with an empty value) and all below, not `/static`: a relative link means
/// another target there (RFC 3986 5.2.3). Dot segments are literals like any other.
///
/// Filled at start by one thread, then read by all.
final class RouteTree<T> {
    /// What a template and method lead to.
    record Route<T>(Method method, RouteTemplate template, T target) {
        @Override
        public String toString() {
            return method + " " + template;
        }
    }

    private final Node<T> root = new Node<>();
    private final ParameterTypes types;

    RouteTree() {
        this(new ParameterTypes());
    }

    RouteTree(ParameterTypes types) {
        this.types = types;
    }

    /// Adds a route. [Method#OTHER] stands for every method that Torc has no name for.
    ///
    /// @throws IllegalArgumentException if the template is malformed, or if a route of this method
    ///   has a template of the same shape
    void add(Method method, String template, T target) {
        RouteTemplate parsed = RouteTemplate.parse(template, types);
        Node<T> node = root;
        for (RouteTemplate.Segment segment : parsed.segments()) node = below(node, segment);
        node.resource().add(new Route<>(method, parsed, target));
    }

    /// No switch over patterns: the JVM makes a class for each, which takes a start 5 ms.
    private static <T> Node<T> below(Node<T> node, RouteTemplate.Segment segment) {
        if (segment instanceof RouteTemplate.Literal literal) return node.literal(literal.text());
        if (segment instanceof RouteTemplate.Typed typed) return node.typed(typed.type());
        return segment instanceof RouteTemplate.Rest ? node.rest() : node.parameter();
    }

    /// Finds the resource of the path of `pathLength` bytes at `pathAddress`, raw as it came and
    /// without its query. `match` is overwritten. Allocates nothing.
    ///
    /// A look-up costs the path's bytes, however many routes there are. Going back after a literal
    /// or `{name}` led nowhere, a match visits each node of the tree at most once, and of those `k`
    /// segments deep at most 2^k.
    RouteMatch.Outcome match(long pathAddress, int pathLength, RouteMatch<T> match) {
        PercentDecoding.Form form = PercentDecoding.form(pathAddress, pathLength);
        match.begin(pathAddress, pathLength, form == PercentDecoding.Form.ENCODED);
        if (form == PercentDecoding.Form.MALFORMED) {
            return match.ended(RouteMatch.Outcome.MALFORMED);
        }
        boolean found =
                pathLength > 0
                        && Memory.getByte(pathAddress) == '/'
                        && find(root, pathAddress + 1, 0, match);
        return match.ended(found ? RouteMatch.Outcome.FOUND : RouteMatch.Outcome.NOT_FOUND);
    }

    /// Looks once more for a path that was not found: without its final slash, or with one where it
    /// has none. [RouteMatch.Outcome#OTHER_SLASH] if that leads to a resource, which `match` then
    /// has.
    RouteMatch.Outcome matchOtherSlash(long pathAddress, int pathLength, RouteMatch<T> match) {
        if (pathLength < 2 || Memory.getByte(pathAddress) != '/') return match.outcome();
        boolean ends = Memory.getByte(pathAddress + pathLength - 1) == '/';
        match.begin(pathAddress, ends ? pathLength - 1 : pathLength, match.encoded());
        match.slashAdded(!ends);
        boolean found = find(root, pathAddress + 1, 0, match);
        return match.ended(found ? RouteMatch.Outcome.OTHER_SLASH : RouteMatch.Outcome.NOT_FOUND);
    }

    /// Matches the segments from `address` on below `node`. The recursion is as deep as the deepest
    /// template, whatever the path.
    private static <T> boolean find(Node<T> node, long address, int captured, RouteMatch<T> match) {
        long end = match.end();
        // No slash ends the last segment, so what would follow it starts one byte beyond the path.
        if (address > end) {
            if (match.slashAdded()) return findAtSlash(node, end, captured, match);
            return node.resource != null && match.found(node.resource, captured);
        }

        long segmentEnd = PathBytes.segmentEnd(address, end);
        Node<T> literal = node.findLiteral(address, segmentEnd, match);
        if (literal != null && find(literal, segmentEnd + 1, captured, match)) return true;

        if (segmentEnd > address && findParameter(node, address, segmentEnd, captured, match)) {
            return true;
        }
        return findRest(node, address, captured, match);
    }

    private static <T> boolean findParameter(
            Node<T> node, long address, long segmentEnd, int captured, RouteMatch<T> match) {
        for (TypedNode<T> typed : node.typed) {
            if (!typed.type().check().takes(address, segmentEnd)) continue;
            match.capture(captured, address, segmentEnd);
            if (find(typed.node(), segmentEnd + 1, captured + 1, match)) return true;
        }
        Node<T> parameter = node.parameter;
        if (parameter == null) return false;
        match.capture(captured, address, segmentEnd);
        return find(parameter, segmentEnd + 1, captured + 1, match);
    }

    private static <T> boolean findRest(
            Node<T> node, long address, int captured, RouteMatch<T> match) {
        Node<T> rest = node.rest;
        if (rest == null || rest.resource == null) return false;
        match.capture(captured, address, match.end());
        return match.found(rest.resource, captured + 1);
    }

    /// As if one more slash, and an empty segment behind it, ended the path.
    private static <T> boolean findAtSlash(
            Node<T> node, long end, int captured, RouteMatch<T> match) {
        Node<T> empty = node.findLiteral(end, end, match);
        if (empty != null && empty.resource != null) {
            return match.found(empty.resource, captured);
        }
        return findRest(node, end, captured, match);
    }

    /// What follows a `{name:type}`.
    private record TypedNode<T>(Named type, Node<T> node) {}

    /// A prefix of templates. Fields are null until a template needs them.
    private static final class Node<T> {
        private @Nullable SegmentTable<Node<T>> literals;
        private TypedNode<T>[] typed = noTypedNodes();
        private @Nullable Node<T> parameter;
        private @Nullable Node<T> rest;
        private @Nullable Resource<T> resource;

        @Nullable Node<T> findLiteral(long address, long segmentEnd, RouteMatch<T> match) {
            if (literals == null) return null;
            return match.encoded()
                    ? literals.findDecoded(address, segmentEnd)
                    : literals.find(address, segmentEnd, match.end());
        }

        Node<T> literal(String text) {
            if (literals == null) literals = new SegmentTable<>();
            return literals.computeIfAbsent(text, Node::new);
        }

        Node<T> typed(Named type) {
            for (TypedNode<T> present : typed) {
                if (present.type().equals(type)) return present.node();
            }
            TypedNode<T> added = new TypedNode<>(type, new Node<>());
            TypedNode<T>[] grown = Arrays.copyOf(typed, typed.length + 1);
            grown[typed.length] = added;
            Arrays.sort(grown, Comparator.comparingInt(one -> one.type().rank()));
            typed = grown;
            return added.node();
        }

        Node<T> parameter() {
            if (parameter == null) parameter = new Node<>();
            return parameter;
        }

        Node<T> rest() {
            if (rest == null) rest = new Node<>();
            return rest;
        }

        Resource<T> resource() {
            if (resource == null) resource = new Resource<>();
            return resource;
        }

        @SuppressWarnings({
            "unchecked",
            "rawtypes"
        }) // an array of a generic class has no other spelling
        private static <T> TypedNode<T>[] noTypedNodes() {
            return new TypedNode[0];
        }
    }

    /// The routes of one shape of path, by method.
    static final class Resource<T> {
        private final Map<Method, Route<T>> routes = new EnumMap<>(Method.class);
        private String allow = "";
        private @Nullable Route<T> first;

        @Nullable Route<T> route(Method method) {
            Route<T> route = routes.get(method);
            return route == null && method == Method.HEAD ? routes.get(Method.GET) : route;
        }

        String allow() {
            return allow;
        }

        /// The route that was added first.
        @Nullable Route<T> first() {
            return first;
        }

        void add(Route<T> route) {
            Route<T> earlier = routes.putIfAbsent(route.method(), route);
            if (earlier != null) {
                throw new IllegalArgumentException(
                        "two routes match the same requests: " + earlier + " and " + route);
            }
            if (first == null) first = route;
            StringJoiner names = new StringJoiner(", ");
            for (Method method : Method.values()) {
                boolean allowed = method == Method.OPTIONS || route(method) != null;
                if (allowed && method != Method.OTHER) names.add(method.name());
            }
            allow = names.toString();
        }
    }
}

package dev.torc.http;

import dev.torc.core.memory.Memory;
import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The parameters of a query or of a form body, in the order they came
/// (`application/x-www-form-urlencoded`, WHATWG URL 5.1): `&` separates, the first `=` ends a name,
/// `+` is a space, names and values may be empty, nothing between two `&` is no parameter.
///
/// Stricter than WHATWG: broken percent-encoding, text that is not UTF-8 and more parameters than
/// allowed leave no parameter at all, and [#problem()] tells why, for an answer of 400. What is
/// read from it is independent of the memory it was parsed from. Immutable.
public final class QueryParameters {
    private static final int COUNT_MAX = 1000;
    private static final QueryParameters NONE = new QueryParameters(List.of(), List.of(), null);

    private final List<String> names;
    private final List<String> values;
    private final @Nullable String problem;

    private QueryParameters(List<String> names, List<String> values, @Nullable String problem) {
        this.names = names;
        this.values = values;
        this.problem = problem;
    }

    /// Those of a request.
    static QueryParameters of(RequestHead head) {
        if (!head.hasQuery()) return parse(0, 0, 0);
        long address = head.address() + head.queryStart();
        return parse(address, head.queryEnd() - head.queryStart(), COUNT_MAX);
    }

    /// Parses the `length` raw bytes at `address`, without the `?`. More than `countMax` parameters
    /// are a problem; none beyond them is decoded.
    static QueryParameters parse(long address, int length, int countMax) {
        if (length == 0) return NONE;
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        long end = address + length;
        long next;
        for (long start = address; start < end; start = next + 1) {
            next = indexOf('&', start, end);
            if (next == start) continue;
            if (names.size() == countMax) return refused("more than " + countMax + " parameters");
            long nameEnd = indexOf('=', start, next);
            long valueStart = Math.min(nameEnd + 1, next);
            String name = PercentDecoding.formText(start, (int) (nameEnd - start));
            String value = PercentDecoding.formText(valueStart, (int) (next - valueStart));
            if (name == null || value == null) return refused("malformed percent-encoding");
            names.add(name);
            values.add(value);
        }
        return new QueryParameters(names, values, null);
    }

    /// The first value of `name`, null if there is none.
    public @Nullable String first(String name) {
        int index = names.indexOf(name);
        return index < 0 ? null : values.get(index);
    }

    /// All values of `name` in order, empty if there is none. Unmodifiable.
    public List<String> all(String name) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(name)) all.add(values.get(i));
        }
        return Collections.unmodifiableList(all);
    }

    /// All values by name, names in the order of their first value. Unmodifiable.
    public Map<String, List<String>> toMap() {
        Map<String, List<String>> map = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            map.computeIfAbsent(names.get(i), _ -> new ArrayList<>()).add(values.get(i));
        }
        map.replaceAll((_, all) -> Collections.unmodifiableList(all));
        return Collections.unmodifiableMap(map);
    }

    /// How many parameters there are, repeated names counted each time.
    public int count() {
        return names.size();
    }

    /// What is wrong with the query, for people to read; null if nothing is.
    public @Nullable String problem() {
        return problem;
    }

    @Override
    public String toString() {
        return problem == null ? toMap().toString() : problem;
    }

    private static QueryParameters refused(String problem) {
        return new QueryParameters(List.of(), List.of(), problem + " in the query");
    }

    private static long indexOf(char wanted, long address, long end) {
        long at = address;
        while (at < end && Memory.getByte(at) != wanted) at++;
        return at;
    }
}

package dev.torc.http.file;

import java.util.ArrayList;
import java.util.List;

/// A pattern for paths of files below a root:
///
/// | | matches |
/// |---|---|
/// | `*` | any characters of one name |
/// | `?` | one character of a name |
/// | `**/` | any number of directories, also none |
/// | `/**` at the end | everything below |
/// | `{css,js}` | either |
/// | `\*` | the character itself |
///
/// A pattern without a slash is for the name of a file in any directory, one with a slash for the
/// whole path: `*.css` matches `a/b.css`, `/*.css` does not. Case counts.
///
/// Immutable; any thread. Matching allocates nothing and takes one step a byte, whatever a peer
/// asks for.
final class Glob {
    /// Patterns that the alternatives of one may stand for.
    static final int ALTERNATIVES_MAX = 32;

    private final String text;
    private final GlobAutomaton[] alternatives;

    private Glob(String text, GlobAutomaton[] alternatives) {
        this.text = text;
        this.alternatives = alternatives;
    }

    /// The pattern that is written like this.
    ///
    /// @throws IllegalArgumentException for one that is malformed or cannot match; says why
    static Glob of(String text) {
        List<String> alternatives = new ArrayList<>();
        expand(text, 0, text, alternatives);
        GlobAutomaton[] automata = new GlobAutomaton[alternatives.size()];
        for (int i = 0; i < automata.length; i++) {
            automata[i] = compile(alternatives.get(i), text);
        }
        return new Glob(text, automata);
    }

    /// Whether this matches the path of `length` bytes, which is relative.
    boolean matches(long address, int length) {
        for (GlobAutomaton alternative : alternatives) {
            if (alternative.matches(address, length)) return true;
        }
        return false;
    }

    /// As it was written.
    @Override
    public String toString() {
        return text;
    }

    /// Writes out the alternatives from `from` on.
    private static void expand(String pattern, int from, String whole, List<String> alternatives) {
        int open = find(pattern, from, "{}");
        if (open == pattern.length()) {
            check(alternatives.size() < ALTERNATIVES_MAX, whole, "has too many alternatives");
            alternatives.add(pattern);
            return;
        }
        check(pattern.charAt(open) == '{', whole, "has a } without a {: write \\} for itself");
        int start = open + 1;
        while (true) {
            int end = find(pattern, start, ",{}");
            check(end < pattern.length(), whole, "has a { without a }: write \\{ for itself");
            int close = pattern.charAt(end) == ',' ? find(pattern, end, "{}") : end;
            check(close < pattern.length(), whole, "has a { without a }: write \\{ for itself");
            check(pattern.charAt(close) == '}', whole, "has a { within another");
            String before = pattern.substring(0, open) + pattern.substring(start, end);
            expand(before + pattern.substring(close + 1), before.length(), whole, alternatives);
            if (close == end) return;
            start = end + 1;
        }
    }

    /// The index of the first of these characters that no backslash is before, or the length.
    private static int find(String text, int from, String wanted) {
        int at = from;
        while (at < text.length() && wanted.indexOf(text.charAt(at)) < 0) {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at, text.length());
    }

    private static GlobAutomaton compile(String pattern, String whole) {
        boolean inAnyDirectory = pattern.indexOf('/') < 0;
        String path = pattern.startsWith("/") ? pattern.substring(1) : pattern;
        GlobAutomaton.Builder automaton = new GlobAutomaton.Builder(whole);
        if (inAnyDirectory) automaton.directories();
        String[] segments = path.split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            boolean last = i == segments.length - 1;
            check(!segment.isEmpty(), whole, "has an empty name: /** is everything below");
            check(!segment.matches("\\.{1,2}"), whole, "has a . or .. for a name");
            if (segment.equals("**") && last) automaton.everything();
            else if (segment.equals("**")) automaton.directories();
            else name(segment, whole, automaton);
            if (!last && !segment.equals("**")) automaton.literal("/");
        }
        return automaton.build();
    }

    private static void name(String segment, String whole, GlobAutomaton.Builder automaton) {
        check(!segment.contains("**"), whole, "has ** within a name");
        for (int at = 0; at < segment.length(); at = segment.offsetByCodePoints(at, 1)) {
            char c = segment.charAt(at);
            check("[]".indexOf(c) < 0, whole, "has a bracket, for ranges that are not supported");
            if (c == '\\') at++;
            check(at < segment.length(), whole, "ends in a backslash");
            if (c == '*') automaton.star();
            else if (c == '?') automaton.one();
            else automaton.literal(segment.substring(at, segment.offsetByCodePoints(at, 1)));
        }
    }

    static void check(boolean valid, String pattern, String problem) {
        if (!valid) throw new IllegalArgumentException("the pattern " + pattern + " " + problem);
    }
}

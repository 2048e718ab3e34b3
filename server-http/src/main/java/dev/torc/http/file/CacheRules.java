package dev.torc.http.file;

import dev.torc.http.message.Ascii;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.regex.Pattern;

/// What `Cache-Control` says of each file (RFC 9111 5.2): the first rule whose pattern matches its
/// path decides; without one the field is left out, and caches guess.
///
/// ```java
/// CacheRules rules =
///         CacheRules.none()
///                 .with("/assets/**", "public, max-age=31536000, immutable") // names have a hash
///                 .with("*.{html,json}", "no-cache") // kept, and asked for each time
///                 .with("**", "max-age=3600");
/// ```
///
/// `*` is any part of a name, `?` one character of it, `**/` any directories, `/**` all that is
/// below, `{a,b}` either, a backslash makes the next character mean itself. A pattern without a
/// slash is for a name in any directory, with one for the whole path below the root: that of the
/// file that is served, such as `index.html`, not that of the request. Case counts.
///
/// Immutable; any thread. Matching allocates nothing.
public final class CacheRules {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String QUOTED = "\"(?:[\\t !#-\\[\\]-~]|\\\\[\\t -~])*\"";
    private static final String DIRECTIVE = TOKEN + "(?:=(?:" + TOKEN + "|" + QUOTED + "))?";
    private static final Pattern DIRECTIVES =
            Pattern.compile(DIRECTIVE + "(?:[ \\t]*,[ \\t]*" + DIRECTIVE + ")*");
    private static final CacheRules NONE = new CacheRules(new Rule[0]);

    private final Rule[] rules;

    @SuppressWarnings("ArrayRecordComponent") // only read
    private record Rule(Glob glob, String text, byte[] value) {}

    private CacheRules(Rule[] rules) {
        this.rules = rules;
    }

    /// No rule.
    public static CacheRules none() {
        return NONE;
    }

    /// These rules, and behind them another.
    ///
    /// @param cacheControl directives of RFC 9111 5.2.2 or of extensions
    /// @throws IllegalArgumentException for a pattern or directives that are malformed
    public CacheRules with(String pattern, String cacheControl) {
        if (!DIRECTIVES.matcher(cacheControl).matches()) {
            throw new IllegalArgumentException(
                    "Cache-Control is a list like no-cache or max-age=60, private: "
                            + cacheControl);
        }
        Rule[] more = Arrays.copyOf(rules, rules.length + 1);
        more[rules.length] = new Rule(Glob.of(pattern), cacheControl, Ascii.bytes(cacheControl));
        return new CacheRules(more);
    }

    /// The value of `Cache-Control` for the file at this path, relative and of `length` bytes; null
    /// if no rule matches. The array is shared: only to be read.
    byte @Nullable [] match(long address, int length) {
        for (Rule rule : rules) {
            if (rule.glob.matches(address, length)) return rule.value;
        }
        return null;
    }

    /// The rules, one a line.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Rule rule : rules) {
            text.append(rule.glob).append(": ").append(rule.text).append('\n');
        }
        return text.toString();
    }
}

package dev.torc.standalone.config;

import java.util.Collection;
import java.util.Optional;

/// The name that somebody may have meant: the one that the fewest changed, missing, additional or
/// exchanged letters lead to, if they are few.
public final class NearName {
    private static final int LETTERS_PER_CHANGE = 3;
    private static final int CHANGES_MAX = 4;

    private NearName() {}

    public static Optional<String> of(String given, Collection<String> known) {
        int fewest = Math.clamp(given.length() / LETTERS_PER_CHANGE, 1, CHANGES_MAX) + 1;
        String nearest = null;
        for (String name : known) {
            int changes = changes(given, name);
            if (changes < fewest) {
                fewest = changes;
                nearest = name;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /// The distance of Damerau and Levenshtein, in its restricted form.
    static int changes(String from, String to) {
        int[][] least = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) least[i][0] = i;
        for (int j = 0; j <= to.length(); j++) least[0][j] = j;
        for (int i = 1; i <= from.length(); i++) {
            for (int j = 1; j <= to.length(); j++) {
                int other = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                int one = Math.min(least[i - 1][j], least[i][j - 1]) + 1;
                least[i][j] = Math.min(one, least[i - 1][j - 1] + other);
                boolean exchanged =
                        i > 1
                                && j > 1
                                && from.charAt(i - 1) == to.charAt(j - 2)
                                && from.charAt(i - 2) == to.charAt(j - 1);
                if (exchanged) least[i][j] = Math.min(least[i][j], least[i - 2][j - 2] + 1);
            }
        }
        return least[from.length()][to.length()];
    }
}

package dev.torc.http.file;

import java.util.Comparator;

/// The order that people expect of names: `a2` before `a10`, and case only where nothing else
/// differs. Any thread.
final class NaturalOrder implements Comparator<String> {
    static final NaturalOrder INSTANCE = new NaturalOrder();

    private NaturalOrder() {}

    @Override
    public int compare(String left, String right) {
        int l = 0;
        int r = 0;
        while (l < left.length() && r < right.length()) {
            int leftEnd = partEnd(left, l);
            int rightEnd = partEnd(right, r);
            boolean numbers = isDigit(left.charAt(l)) && isDigit(right.charAt(r));
            int order =
                    numbers
                            ? compareNumbers(left, l, leftEnd, right, r, rightEnd)
                            : Character.compare(fold(left.charAt(l)), fold(right.charAt(r)));
            if (order != 0) return order;
            l = numbers ? leftEnd : l + 1;
            r = numbers ? rightEnd : r + 1;
        }
        int order = Integer.compare(left.length() - l, right.length() - r);
        return order != 0 ? order : left.compareTo(right);
    }

    private static int compareNumbers(
            String left, int l, int leftEnd, String right, int r, int rightEnd) {
        l = zerosEnd(left, l, leftEnd);
        r = zerosEnd(right, r, rightEnd);
        int order = Integer.compare(leftEnd - l, rightEnd - r);
        for (; order == 0 && l < leftEnd; l++, r++) {
            order = Character.compare(left.charAt(l), right.charAt(r));
        }
        return order;
    }

    /// The end of the digits from `at` on, or `at`.
    private static int partEnd(String text, int at) {
        while (at < text.length() && isDigit(text.charAt(at))) at++;
        return at;
    }

    private static int zerosEnd(String text, int at, int end) {
        while (at < end && text.charAt(at) == '0') at++;
        return at;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static char fold(char c) {
        return Character.toLowerCase(Character.toUpperCase(c));
    }
}

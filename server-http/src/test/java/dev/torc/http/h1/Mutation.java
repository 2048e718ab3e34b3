package dev.torc.http.h1;

import java.util.Random;

/// Makes almost valid input: a sample with a few characters changed, removed or inserted.
final class Mutation {
    private static final String TROUBLE =
            "\r\n\t\0 :;,/?#%@*=\"\\_-.~0159aAfFzZ{}<>()^`|\u007f\u0080\u00e9\u00ff";

    private Mutation() {}

    static String of(Random random, String first, String... others) {
        int choice = random.nextInt(others.length + 1);
        StringBuilder text = new StringBuilder(choice == 0 ? first : others[choice - 1]);
        for (int changes = random.nextInt(4); changes > 0; changes--) change(random, text);
        return text.toString();
    }

    private static void change(Random random, StringBuilder text) {
        int at = random.nextInt(text.length());
        char trouble = TROUBLE.charAt(random.nextInt(TROUBLE.length()));
        switch (random.nextInt(5)) {
            case 0 -> text.deleteCharAt(at);
            case 1 -> text.insert(at, trouble);
            case 2 -> text.setCharAt(at, trouble);
            case 3 -> text.setCharAt(at, (char) random.nextInt(256));
            default -> text.setCharAt(at, text.charAt(random.nextInt(text.length())));
        }
    }
}

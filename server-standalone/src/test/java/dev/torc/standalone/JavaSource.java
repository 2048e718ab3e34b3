package dev.torc.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One source file, with its blocks found by their braces: no compiler, but enough for measures.
///
/// @param code the text with every comment and literal blanked, so that each character has its
///   place
record JavaSource(Path path, String text, String code, List<Block> blocks) {
    enum Kind {
        TYPE,
        METHOD,
        /// The body of `if`, `for`, `while`, `do`, `switch`, `try`, `catch`, `synchronized`, ...
        CONTROL,
        LAMBDA,
        /// A body of `case`, an array, an anonymous class, ...
        OTHER
    }

    /// From an opening brace to its closing one.
    ///
    /// @param header what stands before the brace: a declaration or a statement's start
    /// @param nesting how many control blocks and lambdas stand in one another within a method
    record Block(Kind kind, String name, String header, int line, int lines, int nesting) {}

    private static final Pattern TYPE =
            Pattern.compile("(?:^|\\s)(?:class|interface|enum|record|@interface)\\s+(\\w+)");
    private static final Pattern LITERAL =
            Pattern.compile(
                    "//[^\\n]*+|/\\*.*?\\*/|\"\"\"(?:[^\"\\\\]++|\\\\.|\"(?!\"\"))*+\"\"\""
                            + "|\"(?:[^\"\\\\\\n]++|\\\\.)*+\"|'(?:[^'\\\\\\n]++|\\\\.)++'",
                    Pattern.DOTALL);
    private static final Pattern CONTROL =
            Pattern.compile("if|for|while|switch|catch|synchronized|try");
    private static final Pattern CONTROL_ALONE = Pattern.compile("(?s).*\\b(else|do|try|finally)");

    static JavaSource read(Path path) {
        try {
            String text = Files.readString(path);
            Matcher literals = LITERAL.matcher(text);
            String code = literals.replaceAll(found -> found.group().replaceAll("[^\\n]", " "));
            return new JavaSource(path, text, code, new Scan(code).blocks());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    String name() {
        String file = path.getFileName().toString();
        return file.substring(0, file.length() - ".java".length());
    }

    List<String> lines() {
        return text.lines().toList();
    }

    List<Block> blocks(Kind kind) {
        return blocks.stream().filter(block -> block.kind == kind).toList();
    }

    /// Lines that are neither blank, comment, `package` nor `import`.
    long logicLines() {
        return code.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("import "))
                .count();
    }

    String at(int line) {
        return SourceTree.root().relativize(path) + ":" + line;
    }

    /// One pass over the braces of a file.
    private static final class Scan {
        private static final class Open {
            Kind kind = Kind.OTHER;
            String name = "";
            String header = "";
            int line;
            int parentheses;
            int nesting;
            int nestingMax;
        }

        private final String code;
        private final Deque<Open> open = new ArrayDeque<>();
        private final List<Block> blocks = new ArrayList<>();
        private int headerStart;
        private int line = 1;

        Scan(String code) {
            this.code = code;
        }

        List<Block> blocks() {
            open.push(new Open());
            for (int i = 0; i < code.length(); i++) {
                step(i, code.charAt(i));
            }
            return blocks;
        }

        private void step(int index, char c) {
            Open current = open.element();
            switch (c) {
                case '\n' -> line++;
                case '(' -> current.parentheses++;
                case ')' -> current.parentheses--;
                case ';' -> {
                    if (current.parentheses <= 0) headerStart = index + 1;
                }
                case '{' -> {
                    opened(index);
                    headerStart = index + 1;
                }
                case '}' -> {
                    closed();
                    headerStart = index + 1;
                }
                default -> {}
            }
        }

        private void opened(int index) {
            Open parent = open.element();
            Open block = new Open();
            block.header = code.substring(headerStart, index).strip();
            block.line = line;
            classify(block, parent, index);
            boolean counts = block.kind == Kind.CONTROL || block.kind == Kind.LAMBDA;
            boolean begins = block.kind == Kind.TYPE || block.kind == Kind.METHOD;
            block.nesting = begins ? 0 : parent.nesting + (counts ? 1 : 0);
            block.nestingMax = block.nesting;
            open.push(block);
        }

        private void closed() {
            if (open.size() < 2) return;
            Open block = open.pop();
            Open parent = open.element();
            boolean ends = block.kind == Kind.TYPE || block.kind == Kind.METHOD;
            if (!ends) parent.nestingMax = Math.max(parent.nestingMax, block.nestingMax);
            int lines = line - block.line + 1;
            blocks.add(
                    new Block(
                            block.kind,
                            block.name,
                            block.header,
                            block.line,
                            lines,
                            block.nestingMax));
        }

        private void classify(Open block, Open parent, int index) {
            String header = block.header;
            Matcher type = TYPE.matcher(header);
            if (header.endsWith("->")) {
                boolean ofCase = header.startsWith("case ") || header.startsWith("default");
                block.kind = ofCase ? Kind.OTHER : Kind.LAMBDA;
            } else if (type.find()) {
                block.kind = Kind.TYPE;
                block.name = type.group(1);
            } else if (CONTROL_ALONE.matcher(header).matches()) {
                block.kind = Kind.CONTROL;
            } else {
                classifyByParentheses(block, parent, index);
            }
        }

        private void classifyByParentheses(Open block, Open parent, int index) {
            boolean named = parent.kind == Kind.TYPE && !parent.name.isEmpty();
            boolean compact = named && block.header.endsWith(" " + parent.name);
            int close = code.lastIndexOf(')', index);
            boolean behind = close >= headerStart && !code.substring(close, index).contains("=");
            String word = behind ? wordBefore(openingOf(close)) : "";
            if (CONTROL.matcher(word).matches()) {
                block.kind = Kind.CONTROL;
            } else if (compact || (behind && parent.kind == Kind.TYPE && !isNew(block.header))) {
                block.kind = Kind.METHOD;
                block.name = compact ? parent.name : word;
            } else if (isNew(block.header) && behind) {
                block.kind = Kind.TYPE; // an anonymous class
            }
        }

        private static boolean isNew(String header) {
            return header.contains("new ") && !header.endsWith("]");
        }

        private int openingOf(int close) {
            int depth = 0;
            for (int i = close; i >= 0; i--) {
                if (code.charAt(i) == ')') depth++;
                if (code.charAt(i) == '(' && --depth == 0) return i;
            }
            return 0;
        }

        private String wordBefore(int index) {
            int end = index;
            while (end > 0 && Character.isWhitespace(code.charAt(end - 1))) end--;
            int start = end;
            while (start > 0 && Character.isJavaIdentifierPart(code.charAt(start - 1))) start--;
            return code.substring(start, end);
        }
    }
}

package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.standalone.JavaSource.Block;
import dev.torc.standalone.JavaSource.Kind;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The caps and words of the house. Raising a cap, or adding an exception, is a reviewed line here.
class TidyTest {
    private static final int FILE_LINES_MAX = 400;
    private static final int METHOD_LINES_MAX = 70;
    private static final int COLUMNS_MAX = 100;
    private static final int NESTING_MAX = 3;
    private static final int LOGIC_LINES_WITHOUT_TEST_MAX = 40;

    /// Files that may be longer, and how long.
    private static final Map<String, Integer> LONGER_FILES = Map.of();

    /// Main classes whose tests have another name, or which have none of their own.
    private static final Properties TESTED_ELSEWHERE = testedElsewhere();

    private static final Pattern BANNED_TYPE =
            Pattern.compile("\\w*(Manager|Helper|Utils?|Impl)|Abstract\\w*");
    private static final Pattern BANNED_INTERFACE = Pattern.compile("I[A-Z][a-z]\\w*");
    private static final Pattern BANNED_METHOD = Pattern.compile("get([A-Z]\\w*)?");

    /// Words of the field: memory is read by getByte, getInt, ..., as the JDK's own is.
    private static final Pattern METHOD_OF_THE_FIELD =
            Pattern.compile("get(Byte|Short|Int|Long)(Acquire|Opaque)?");

    /// A text that must not occur, where, and what to write instead.
    private record Ban(
            Pattern text, Function<JavaSource, String> in, Pattern files, String instead) {}

    private static final String ANYWHERE = ".*";
    private static final String LIBRARY = ".*/server-(core|uring|http)/src/main/.*";
    private static final String HOT = ".*/src/main/java/dev/torc/(core/memory|uring|http/h1)/.*";

    private static final List<Ban> BANS =
            List.of(
                    ban("System\\.(out|err)", JavaSource::code, LIBRARY, "System.Logger"),
                    ban("\\.printStackTrace\\(", JavaSource::code, ANYWHERE, "System.Logger"),
                    ban("Thread\\.sleep", JavaSource::code, ".*/src/test/.*", "Await.until"),
                    ban("Thread\\.sleep", JavaSource::code, LIBRARY, "a timer"),
                    ban("\\b(TODO|FIXME|XXX)\\b", JavaSource::text, ANYWHERE, "an issue"),
                    ban("@Disabled\\b", JavaSource::code, ANYWHERE, "assumeTrue(probe, reason)"),
                    ban("assumeTrue\\(\\s*false", JavaSource::code, ANYWHERE, "a probe"),
                    ban("\\bUnsafe\\b|sun\\.misc", JavaSource::code, ANYWHERE, "Memory"),
                    ban("\"/(usr|home|root|work|tmp)/", JavaSource::text, ANYWHERE, "a search"),
                    ban("String\\.format|\\.formatted\\(", JavaSource::code, HOT, "append or +"),
                    ban("(?m)^\\s*/\\*\\*", JavaSource::text, ANYWHERE, "///"));

    private static Ban ban(
            String text, Function<JavaSource, String> in, String files, String instead) {
        return new Ban(Pattern.compile(text), in, Pattern.compile(files), instead);
    }

    private static List<JavaSource> all() {
        return Stream.concat(SourceTree.main().stream(), SourceTree.test().stream())
                .filter(source -> !source.name().equals("TidyTest"))
                .toList();
    }

    private static void assertNone(List<String> violations) {
        assertTrue(violations.isEmpty(), () -> "\n" + String.join("\n", violations) + "\n");
    }

    /// The transports' contract is tests, though it is not among them: each transport runs it.
    private static boolean isContract(JavaSource source) {
        return source.path().toString().contains("/testkit/contract/");
    }

    private static Properties testedElsewhere() {
        Properties classes = new Properties();
        try (InputStream file =
                TidyTest.class.getResourceAsStream("/tested-elsewhere.properties")) {
            classes.load(file);
            return classes;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void theWholeProjectIsLookedAt() {
        Set<String> names =
                SourceTree.main().stream().map(JavaSource::name).collect(Collectors.toSet());
        assertTrue(names.containsAll(Set.of("Shard", "Ring", "Router", "Main", "HelloServer")));
    }

    @Test
    void filesAreShort() {
        List<String> violations = new ArrayList<>();
        for (JavaSource source : all()) {
            int max = LONGER_FILES.getOrDefault(source.name(), FILE_LINES_MAX);
            int lines = source.lines().size();
            if (lines > max) violations.add(source.at(1) + " has " + lines + " lines");
        }
        assertNone(violations);
    }

    @Test
    void linesAreShort() {
        List<String> violations = new ArrayList<>();
        for (JavaSource source : all()) {
            List<String> lines = source.lines();
            for (int i = 0; i < lines.size(); i++) {
                int columns = lines.get(i).codePointCount(0, lines.get(i).length());
                boolean unbreakable = lines.get(i).startsWith("import ");
                if (columns > COLUMNS_MAX && !unbreakable) {
                    violations.add(source.at(i + 1) + " has " + columns + " columns");
                }
            }
        }
        assertNone(violations);
    }

    @Test
    void methodsAreShort() {
        List<String> violations = new ArrayList<>();
        for (JavaSource source : all()) {
            for (Block method : source.blocks(Kind.METHOD)) {
                if (method.lines() > METHOD_LINES_MAX) {
                    String at = source.at(method.line()) + " " + method.name();
                    violations.add(at + " has " + method.lines() + " lines");
                }
            }
        }
        assertNone(violations);
    }

    @Test
    void methodsAreFlat() {
        List<String> violations = new ArrayList<>();
        for (JavaSource source : SourceTree.main()) {
            if (isContract(source)) continue;
            for (Block method : source.blocks(Kind.METHOD)) {
                if (method.nesting() > NESTING_MAX) {
                    String at = source.at(method.line()) + " " + method.name();
                    violations.add(at + " is nested " + method.nesting() + " deep");
                }
            }
        }
        assertNone(violations);
    }

    @Test
    void namesAreTheFields() {
        List<String> violations = new ArrayList<>();
        for (JavaSource source : all()) {
            for (Block type : source.blocks(Kind.TYPE)) {
                boolean isInterface = type.header().contains("interface ");
                boolean banned =
                        BANNED_TYPE.matcher(type.name()).matches()
                                || (isInterface && BANNED_INTERFACE.matcher(type.name()).matches());
                if (banned) violations.add(source.at(type.line()) + " " + type.name());
            }
            for (Block method : source.blocks(Kind.METHOD)) {
                boolean imposed = method.header().contains("@Override");
                boolean banned =
                        BANNED_METHOD.matcher(method.name()).matches()
                                && !METHOD_OF_THE_FIELD.matcher(method.name()).matches()
                                && !imposed
                                && !isVerbOfHttp(source, method);
                if (banned) violations.add(source.at(method.line()) + " " + method.name());
            }
        }
        assertNone(violations);
    }

    /// `get` is HTTP's own verb in `Router.get(template, handler)` and in clients of tests, and the
    /// name of the verb that reads a structure in `abi`.
    private static boolean isVerbOfHttp(JavaSource source, Block method) {
        boolean accessor = method.header().endsWith("get()");
        boolean abi = source.path().toString().contains("/abi/");
        return method.name().equals("get") && (!accessor || abi);
    }

    @Test
    void nothingBannedIsUsed() {
        List<String> violations = new ArrayList<>();
        for (JavaSource source : all()) {
            for (Ban ban : BANS) {
                if (!ban.files().matcher(source.path().toString()).matches()) continue;
                String text = ban.in().apply(source);
                Matcher found = ban.text().matcher(text);
                while (found.find()) {
                    long line = text.substring(0, found.start()).lines().count();
                    String use = found.group().strip() + ": write " + ban.instead();
                    violations.add(source.at((int) Math.max(line, 1)) + " uses " + use);
                }
            }
        }
        assertNone(violations);
    }

    @Test
    void everyTypeSaysWhatItIs() {
        List<String> violations = new ArrayList<>();
        for (JavaSource source : SourceTree.main()) {
            if (source.name().equals("module-info")) continue;
            List<String> lines = source.lines();
            Pattern declaration =
                    Pattern.compile(
                            "(public |final |abstract |sealed |non-sealed )*"
                                    + "(class|interface|enum|record|@interface|package) .*");
            int at = 0;
            while (at < lines.size() && !isDeclaration(lines.get(at), declaration, source)) at++;
            int above = at - 1;
            while (above >= 0 && lines.get(above).matches("@.*|\\)|[ ].*")) above--;
            boolean documented = above >= 0 && lines.get(above).startsWith("///");
            if (!documented) violations.add(source.at(at + 1) + " has no /// comment");
        }
        assertNone(violations);
    }

    private static boolean isDeclaration(String line, Pattern declaration, JavaSource source) {
        boolean ofPackage = line.startsWith("package ");
        boolean wanted = ofPackage == source.name().equals("package-info");
        return wanted && declaration.matcher(line).matches();
    }

    @Test
    void testsMirrorSources() {
        Set<String> tests = new HashSet<>();
        for (JavaSource source : SourceTree.test()) tests.add(source.name());
        List<String> violations = new ArrayList<>();
        for (JavaSource source : SourceTree.main()) {
            if (isContract(source)) continue;
            boolean large = source.logicLines() > LOGIC_LINES_WITHOUT_TEST_MAX;
            boolean tested =
                    tests.contains(source.name() + "Test")
                            || TESTED_ELSEWHERE.containsKey(source.name());
            boolean example = source.path().toString().contains("/examples/");
            if (large && !tested && !example) {
                String lines = source.logicLines() + " lines of logic and no ";
                violations.add(source.at(1) + " has " + lines + source.name() + "Test");
            }
        }
        assertNone(violations);
    }

    @Test
    void noExceptionOutlivesItsReason() {
        Set<String> names = new HashSet<>();
        for (JavaSource source : SourceTree.main()) names.add(source.name());
        for (JavaSource source : SourceTree.test()) names.add(source.name());
        for (String name : TESTED_ELSEWHERE.stringPropertyNames()) {
            assertTrue(names.contains(name), name);
        }
        for (String name : LONGER_FILES.keySet()) assertTrue(names.contains(name), name);
    }

    @Test
    void measuresWhatItClaimsTo() throws java.io.IOException {
        String source =
                """
                /// "quoted {" and 'x'
                class Sample {
                    private final Runnable task = new Runnable() {
                        @Override
                        public void run() {
                            // if (commented) {
                        }
                    };

                    Sample(int a) throws Exception {
                        this(a, "{");
                    }

                    int method(int[] values) {
                        int[] copy = {1, 2};
                        for (int i = 0; i < 1; i++) {
                            if (i > 0) {
                                while (true) {
                                    values.forEach(v -> {
                                        switch (v) {
                                            case 1 -> {
                                            }
                                        }
                                    });
                                }
                            }
                        }
                    }
                }
                """;
        java.nio.file.Path file = java.nio.file.Files.createTempFile("Sample", ".java");
        java.nio.file.Files.writeString(file, source);
        JavaSource parsed = JavaSource.read(file);
        java.nio.file.Files.delete(file);
        List<String> methods =
                parsed.blocks(Kind.METHOD).stream()
                        .map(block -> block.name() + " " + block.lines() + " " + block.nesting())
                        .toList();
        assertEquals(List.of("run 3 0", "Sample 3 0", "method 15 5"), methods);
    }
}

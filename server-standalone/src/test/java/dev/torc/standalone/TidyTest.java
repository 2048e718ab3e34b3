package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.standalone.JavaSource.Block;
import dev.torc.standalone.JavaSource.Kind;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    private static final Map<String, String> TESTED_ELSEWHERE =
            Map.ofEntries(
                    Map.entry("World", "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry("Stream", "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry("Sockets", "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry(
                            "SimulatedTransportProvider",
                            "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry("SimSocketEnd", "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry("SimSocket", "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry("SimRing", "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry("SimKernel", "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry("Peer", "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry("Operations", "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry("Op", "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry("Machine", "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry("FileTable", "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry("Faults", "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry("Endpoint", "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry("BufferGroup", "SimulationTest and SimulatedContractTest run on it"),
                    Map.entry("Cancellation", "RingCloseTest and MisuseTest"),
                    Map.entry("EpollEvents", "EpollSqeTest"),
                    Map.entry("Linux", "AbiTest: constants against C"),
                    Map.entry("RingDescriptor", "RingSetupTest: every way to name a ring"),
                    Map.entry("RingMemory", "RingSetupTest, RingSizesTest and ResizeTest"),
                    Map.entry("RingOpening", "RingSetupTest and SetupFlagsTest"),
                    Map.entry("Rsrc", "AbiTest: offsets against C"),
                    Map.entry(
                            "WaitSqe", "TimeoutSqeTest, PollSqeTest, FutexSqeTest, WaitidSqeTest"),
                    Map.entry("Answers", "ResponseTest and HttpServerStreamTest: both kinds"),
                    Map.entry("BodyIntake", "HttpServerStreamedBodyTest, HttpServerUnreadBodyTest"),
                    Map.entry("Acceptor", "the contract of both transports"),
                    Map.entry("Admission", "AddressLimitContract and CanaryTest"),
                    Map.entry("CopyTransfer", "FileContract: each strategy, on every transport"),
                    Map.entry("FileRegion", "FileContract: each strategy, on every transport"),
                    Map.entry("FileTransfer", "FileContract: each strategy, on every transport"),
                    Map.entry("FileTransfers", "FileContract: each strategy, on every transport"),
                    Map.entry("GuardedHandler", "ShardContract: handlers that throw"),
                    Map.entry("HostFiles", "SimulatedFilesystemContractTest"),
                    Map.entry("Kernel", "RingTest: every ring goes through it"),
                    Map.entry("MovingTransfer", "FileContract: each strategy, on every transport"),
                    Map.entry("NioFilesystem", "FilesystemContract, on every transport"),
                    Map.entry("NioOpen", "FilesystemContract, on every transport"),
                    Map.entry("OpenFile", "FilesystemContract, on every transport"),
                    Map.entry("PipePool", "UringFileContractTest: more transfers than pipes"),
                    Map.entry("SpliceTransfer", "FileContract: each strategy, on every transport"),
                    Map.entry("UringFilesystem", "FilesystemContract, on every transport"),
                    Map.entry("CachedFile", "FileCacheTest"),
                    Map.entry("Compressing", "CompressorTest and FileCompressionTest"),
                    Map.entry("FileAnswer", "FileConditionsTest, on every transport"),
                    Map.entry("FileBody", "FileConditionsTest: one part and several"),
                    Map.entry("FileFields", "FileConditionsTest and FileNamesTest"),
                    Map.entry("FileListing", "FileNamesTest lists a directory"),
                    Map.entry("FileLoading", "FileChangesTest and FileNamesTest"),
                    Map.entry("FileRequest", "FileChangesTest, on every transport"),
                    Map.entry("Upload", "FileUploadsTest, on every transport"),
                    Map.entry("UploadPlace", "FileUploadsTest, on every transport"),
                    Map.entry("Interim", "ResponseInformTest"),
                    Map.entry("ListenOptions", "MainTest gives each"),
                    Map.entry("Representation", "FileChangesTest, on every transport"),
                    Map.entry("RequestRoute", "RequestTest and RouterTest"),
                    Map.entry("ShardFiles", "FileNamesTest and FileChangesTest"),
                    Map.entry("Baseline", "DemoTest asks each route"),
                    Map.entry("Banner", "MainTest reads it"),
                    Map.entry("ChunkExtensions", "BodyDecoderTest and the conformance corpus"),
                    Map.entry("Connection", "SendContract: its copies, on every transport"),
                    Map.entry("CountedBytes", "DemoTest asks each route"),
                    Map.entry("DemoCommand", "MainTest runs it"),
                    Map.entry("DemoRoutes", "DemoTest asks each route"),
                    Map.entry("EchoBench", "RingBenchTest runs it"),
                    Map.entry("Examination", "DoctorCommandTest runs it"),
                    Map.entry("Errno", "AbiTest: constants against C"),
                    Map.entry("Http1Connections", "every server test runs on it"),
                    Map.entry("Http1Exchange", "RequestTest and ResponseTest: its two sides"),
                    Map.entry("Input", "Http1ConnectionTest: bodies and pipelines at every cut"),
                    Map.entry("IoUring", "AbiTest: constants against C"),
                    Map.entry("Listener", "the contract of both transports"),
                    Map.entry("Memory", "every test of a slice, a parser or a ring"),
                    Map.entry("NioConnection", "NioContractTest: the transport's contract"),
                    Map.entry("NioTransport", "NioContractTest: the transport's contract"),
                    Map.entry("NioTransportProvider", "NioContractTest and NioDealingContractTest"),
                    Map.entry("ReadBench", "RingBenchTest runs it"),
                    Map.entry("RequestHead", "RequestParserTest fills and reads it"),
                    Map.entry(
                            "SendQueue",
                            "SendQueueTest of nio; UringTransportTest, InlineSendTest"),
                    Map.entry(
                            "ServerUnderTest", "TorcExtensionTest: what leaks, and what does not"),
                    Map.entry("Shard", "ServerTest, and every test on a server"),
                    Map.entry("RequestId", "RequestIdsTest: taken, made and told"),
                    Map.entry("RouteGroup", "RouteScopeTest: each method of a group"),
                    Map.entry("Submissions", "UringTransportTest: the transport's contract"),
                    Map.entry("Syscalls", "RingTest: every ring goes through them"),
                    Map.entry("UringConnection", "UringTransportTest: the transport's contract"),
                    Map.entry("WakeEvent", "UringTransportTest: wakes from many threads"));

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
        for (String name : TESTED_ELSEWHERE.keySet()) assertTrue(names.contains(name), name);
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

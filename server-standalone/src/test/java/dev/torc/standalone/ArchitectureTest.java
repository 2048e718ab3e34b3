package dev.torc.standalone;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The arrows of the design: standalone → http → core ← uring, and those within a module.
class ArchitectureTest {
    private static final JavaClasses ALL = new ClassFileImporter().importPaths(compiled());
    private static final String[] JDK_AND_ANNOTATIONS = {
        "java..", "javax..", "jdk..", "sun..", "com.sun..", "org.jspecify.annotations.."
    };

    private static List<Path> compiled() {
        try (Stream<Path> modules = Files.list(SourceTree.root())) {
            return modules.map(module -> module.resolve("target/classes/dev"))
                    .filter(Files::isDirectory)
                    .toList();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static DescribedPredicate<JavaClass> within(String... packages) {
        return resideInAnyPackage(packages).or(resideInAnyPackage(JDK_AND_ANNOTATIONS));
    }

    private static void mayDependOn(String from, String... packages) {
        classes()
                .that()
                .resideInAPackage(from)
                .should()
                .onlyDependOnClassesThat(within(packages))
                .check(ALL);
    }

    @Test
    void everyModuleIsLookedAt() {
        for (String type :
                List.of(
                        "dev.torc.core.Shard",
                        "dev.torc.uring.Ring",
                        "dev.torc.http.Router",
                        "dev.torc.testkit.Network",
                        "dev.torc.standalone.Main")) {
            assertTrue(ALL.contain(type), type);
        }
    }

    @Test
    void coreDependsOnNothing() {
        mayDependOn("dev.torc.core..", "dev.torc.core..");
    }

    @Test
    void uringDependsOnCoreAlone() {
        mayDependOn("dev.torc.uring..", "dev.torc.uring..", "dev.torc.core..");
    }

    @Test
    void httpDependsOnCoreAlone() {
        classes()
                .that()
                .resideInAPackage("dev.torc.http..")
                .and()
                .resideOutsideOfPackages("dev.torc.http.json", "dev.torc.http.metrics")
                .should()
                .onlyDependOnClassesThat(within("dev.torc.http..", "dev.torc.core.."))
                .check(ALL);
    }

    @Test
    void onlyJsonKnowsJackson() {
        mayDependOn("dev.torc.http.json", "dev.torc.http", "dev.torc.http.json", "tools.jackson..");
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.torc.http.json")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.torc.http.json"))
                .check(ALL.that(resideInAPackage("dev.torc.http..")));
    }

    @Test
    void onlyMetricsKnowMicrometer() {
        mayDependOn(
                "dev.torc.http.metrics",
                "dev.torc.http",
                "dev.torc.http.metrics",
                "dev.torc.core..",
                "io.micrometer..",
                "io.prometheus..");
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.torc.http.metrics")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.torc.http.metrics"))
                .check(ALL.that(resideInAPackage("dev.torc.http..")));
    }

    @Test
    void testkitKnowsTransportsAndNoProtocol() {
        mayDependOn(
                "dev.torc.testkit..",
                "dev.torc.testkit..",
                "dev.torc.core..",
                "dev.torc.uring..",
                "org.junit..");
    }

    @Test
    void onlyTestsDependOnTheTestkit() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.torc.testkit..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.torc.testkit.."))
                .check(ALL);
    }

    @Test
    void standaloneUsesWhatIsPromised() {
        mayDependOn(
                "dev.torc.standalone..",
                "dev.torc.standalone..",
                "dev.torc.http",
                "dev.torc.http.file",
                "dev.torc.http.json",
                "dev.torc.http.log",
                "dev.torc.http.metrics",
                "io.micrometer..",
                "io.prometheus..",
                "dev.torc.core",
                "dev.torc.core.spi",
                "dev.torc.uring",
                "org.apache.commons.cli..",
                "tools.jackson..");
    }

    @Test
    void loadtestUsesWhatIsPromisedToUsers() {
        classes()
                .that()
                .resideInAPackage("dev.torc.loadtest..")
                .should()
                .onlyDependOnClassesThat(
                        within(
                                "dev.torc.loadtest..",
                                "dev.torc.core",
                                "dev.torc.core.spi",
                                "dev.torc.uring",
                                "dev.torc.uring.constants"))
                .allowEmptyShould(true) // the application does not depend on it
                .check(ALL);
    }

    @Test
    void uringLooksDownOnly() {
        String constants = "dev.torc.uring.constants";
        String abi = "dev.torc.uring.abi";
        mayDependOn(constants, constants);
        mayDependOn(abi, abi, constants, "dev.torc.core.memory");
        mayDependOn("dev.torc.uring", "dev.torc.uring", abi, constants, "dev.torc.core..");
    }

    @Test
    void coreLooksAtMemoryFromAboveOnly() {
        mayDependOn("dev.torc.core.memory", "dev.torc.core.memory");
    }

    @Test
    void onlyTheServerNamesAProtocol() {
        noClasses()
                .that()
                .resideInAPackage("dev.torc.http..")
                .and()
                .resideOutsideOfPackage("dev.torc.http.h1")
                .and(DescribedPredicate.not(simpleName("HttpServer")))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.torc.http.h1"))
                .check(ALL);
    }

    @Test
    void theKernelIsReachedInOnePlace() {
        for (String type : List.of("Linker", "SymbolLookup", "FunctionDescriptor")) {
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.torc.uring.abi")
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.lang.foreign." + type)
                    .check(ALL);
        }
    }

    @Test
    void memoryIsReinterpretedInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.torc.uring.abi", "dev.torc.core.memory")
                .should()
                .callMethodWhere(
                        DescribedPredicate.describe(
                                "is MemorySegment.reinterpret",
                                call ->
                                        call.getTarget().getName().equals("reinterpret")
                                                && call.getTargetOwner()
                                                        .getFullName()
                                                        .startsWith("java.lang.foreign.")))
                .check(ALL);
    }
}

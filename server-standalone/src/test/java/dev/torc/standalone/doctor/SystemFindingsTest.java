package dev.torc.standalone.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.standalone.doctor.Finding.State;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemFindingsTest {
    @ParameterizedTest
    @CsvSource({
        "Linux, 6.18.1-cloud, OK",
        "Linux, 6.8.0, OK",
        "Linux, 6.7.12, WARNING",
        "Linux, unknown, WARNING",
        "Mac OS X, 15.1, NOTE"
    })
    void theKernelIsNewEnoughOrNot(String system, String kernel, State state) {
        Finding finding = new SystemFindings(system, kernel, true).section().findings().getFirst();
        assertEquals(state, finding.state());
        assertTrue(finding.found().startsWith(system + " " + kernel + " on "), finding.found());
        assertTrue(finding.needed().contains("6.8 for uring"), finding.needed());
    }

    @Test
    void missingNativeAccessHasItsOption() {
        Finding finding = new SystemFindings("Linux", "6.8", false).section().findings().getLast();
        assertEquals(State.WARNING, finding.state());
        assertEquals("java --enable-native-access=dev.torc.core,dev.torc.uring", finding.remedy());
    }

    @Test
    void thisProcessHasIt() {
        Finding finding = SystemFindings.ofThisProcess().section().findings().getLast();
        assertEquals(Finding.ok("native access", "enabled", "enabled"), finding);
    }
}

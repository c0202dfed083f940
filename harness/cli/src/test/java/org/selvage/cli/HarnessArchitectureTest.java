package org.selvage.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may import whom in the harness; the plan is harness/ARCHITECTURE.md. */
final class HarnessArchitectureTest {
    private static final List<String> ROOMS =
            List.of("hooks", "weaver", "scheduler", "search", "disk", "checker", "report", "cli");

    private static JavaClasses harness;

    @BeforeAll
    static void importHarness() {
        harness =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .withImportOption(location -> !location.contains("weaver/bytebuddy"))
                        .importPackages("org.selvage");
    }

    @Test
    void everyRoomIsSeen() {
        for (String room : ROOMS) {
            long seen =
                    harness.stream()
                            .filter(c -> c.getPackageName().startsWith("org.selvage." + room))
                            .count();
            assertThat(seen).as("classes of " + room).isGreaterThanOrEqualTo(4);
        }
        assertThat(harness.size()).isGreaterThan(150);
    }

    @Test
    void arrowsPointOneWay() {
        mayImport("hooks");
        mayImport("weaver", "hooks");
        mayImport("scheduler", "hooks");
        mayImport("search", "scheduler", "hooks");
        mayImport("disk");
        mayImport("checker");
        mayImport("report", "search", "scheduler", "hooks");
        mayImport("cli", "report", "search", "scheduler", "weaver", "checker");
    }

    private static void mayImport(String room, String... allowed) {
        List<String> allowedRooms = List.of(allowed);
        String[] forbidden =
                ROOMS.stream()
                        .filter(other -> !other.equals(room) && !allowedRooms.contains(other))
                        .map(other -> "org.selvage." + other + "..")
                        .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("org.selvage." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .check(harness);
    }

    @Test
    void noCyclesBetweenRooms() {
        slices().matching("org.selvage.(*)..").should().beFreeOfCycles().check(harness);
    }

    @Test
    void theHarnessDoesNotKnowTheEngine() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.selvage.engine..", "org.selvage.scenarios..")
                .check(harness);
    }

    @Test
    void floorsStandOnTheJdkAlone() {
        classes()
                .that()
                .resideInAnyPackage(
                        "org.selvage.hooks..", "org.selvage.disk..", "org.selvage.checker..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "jdk.internal..",
                        "org.jspecify..",
                        "org.selvage.hooks..",
                        "org.selvage.disk..",
                        "org.selvage.checker..")
                .check(harness);
    }

    @Test
    void onlyTheCommandUsesTheStandardStreams() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.selvage.cli..")
                .and() // which streams a program has set belongs to its state; none is written to
                .doNotHaveFullyQualifiedName("org.selvage.hooks.StateReader")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(harness);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(
                        harness.stream()
                                .map(c -> c.getPackageName())
                                .distinct()
                                .filter(name ->
                                        !harness.getPackage(name)
                                                .isAnnotatedWith(
                                                        org.jspecify.annotations.NullMarked.class))
                                .toList())
                .isEmpty();
    }
}

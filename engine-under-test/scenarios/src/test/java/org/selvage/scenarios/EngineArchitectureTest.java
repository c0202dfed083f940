package org.selvage.scenarios;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may import whom in the engine; the plan is engine-under-test/ARCHITECTURE.md. */
final class EngineArchitectureTest {
    private static JavaClasses classes;

    @BeforeAll
    static void importEngine() {
        classes =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("org.selvage.engine", "org.selvage.scenarios");
    }

    @Test
    void theEngineIsSeen() {
        assertThat(classes.size()).isGreaterThan(100);
    }

    @Test
    void theEngineStandsOnTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage("org.selvage.engine..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "jdk.jfr..", "org.jspecify..", "org.selvage.engine..")
                .check(classes);
    }

    @Test
    void scenariosUseTheHarnessThroughItsFrontRooms() {
        noClasses()
                .that()
                .resideInAPackage("org.selvage.scenarios..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.selvage.scheduler..",
                        "org.selvage.weaver..",
                        "org.selvage.report..",
                        "org.selvage.junit..",
                        "org.selvage.cli..")
                .check(classes);
    }

    @Test
    void theLowerFloorDoesNotKnowTheUpper() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "org.selvage.engine.page..",
                        "org.selvage.engine.aio..",
                        "org.selvage.engine.tablespace..",
                        "org.selvage.engine.bufferpool..",
                        "org.selvage.engine.redo..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.selvage.engine.index..",
                        "org.selvage.engine.dictionary..",
                        "org.selvage.engine.changebuffer..",
                        "org.selvage.engine.background..",
                        "org.selvage.engine.workload..")
                .check(classes);
    }
}

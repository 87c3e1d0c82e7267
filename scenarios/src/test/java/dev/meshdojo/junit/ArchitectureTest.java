package dev.meshdojo.junit;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the module and package directions of docs/architecture.md. Each rule says what to do
 * instead.
 */
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.meshdojo");

    record Rule(String name, ArchRule rule) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    @DisplayName("Dependencies point one way")
    void holds(Rule rule) {
        rule.rule().check(CLASSES);
    }

    static List<Rule> rules() {
        return List.of(
                new Rule(
                        "the data plane knows no Kubernetes, no simulator and no screen",
                        noClasses()
                                .that()
                                .resideInAPackage("dev.meshdojo.gateway..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        "dev.meshdojo.simulator..",
                                        "dev.meshdojo.junit..",
                                        "io.fabric8..",
                                        "javafx..")
                                .because("it executes xDS; translate in simulator.pilot instead")),
                new Rule(
                        "the simulator knows no suites and no screen",
                        noClasses()
                                .that()
                                .resideInAPackage("dev.meshdojo.simulator..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        "dev.meshdojo.junit..",
                                        "dev.meshdojo.desktop..",
                                        "javafx..")
                                .because(
                                        "offer an interface in the simulator and implement it there")),
                new Rule(
                        "compiled matchers use the JDK, RE2/J and xDS types only",
                        noClasses()
                                .that()
                                .resideInAPackage("dev.meshdojo.gateway.route..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        "io.netty..",
                                        "dev.meshdojo.gateway.listener..",
                                        "dev.meshdojo.gateway.upstream..")
                                .because("explain runs the same matchers without a socket")),
                new Rule(
                        "translation and validation are pure functions",
                        noClasses()
                                .that()
                                .resideInAnyPackage(
                                        "dev.meshdojo.simulator.pilot..",
                                        "dev.meshdojo.simulator.admission..")
                                .and()
                                .resideOutsideOfPackage("dev.meshdojo.simulator.pilot.server..")
                                .should()
                                .dependOnClassesThat()
                                .haveFullyQualifiedName("java.lang.Thread")
                                .orShould()
                                .dependOnClassesThat()
                                .haveFullyQualifiedName("java.time.Clock")
                                .orShould()
                                .dependOnClassesThat()
                                .resideInAnyPackage("io.netty..", "java.util.concurrent.locks..")
                                .because("pass in what they need; run them from pilot.server")),
                new Rule(
                        "Netty stays where bytes are handled",
                        noClasses()
                                .that()
                                .resideInAnyPackage(
                                        "dev.meshdojo.simulator.pilot..",
                                        "dev.meshdojo.simulator.admission..",
                                        "dev.meshdojo.simulator.controller..",
                                        "dev.meshdojo.simulator.istio..",
                                        "dev.meshdojo.simulator.lab..",
                                        "dev.meshdojo.simulator.scenario..",
                                        "dev.meshdojo.simulator.cli..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("io.netty..")
                                .because("use Connector, ResourceApi or a facade instead")),
                new Rule(
                        "nobody sleeps",
                        noClasses()
                                .should()
                                .callMethodWhere(
                                        target(name("sleep"))
                                                .and(target(owner(name("java.lang.Thread")))))
                                .because("wait for a revision, a latch or a timer instead")),
                new Rule(
                        "names say what a thing is",
                        classes()
                                .should()
                                .haveNameNotMatching(
                                        ".*\\.(\\w*(Utils?|Helpers?|Manager|Impl)|Base[A-Z]\\w*)")
                                .because("name the job: a table, a reader, a printer")),
                new Rule(
                        "the data plane's packages form no cycle",
                        slices().matching("dev.meshdojo.gateway.(*)..").should().beFreeOfCycles()),
                new Rule(
                        "the simulator's packages form no cycle",
                        slices().matching("dev.meshdojo.simulator.(*)..")
                                .should()
                                .beFreeOfCycles()));
    }
}

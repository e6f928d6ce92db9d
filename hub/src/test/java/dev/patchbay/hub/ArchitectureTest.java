package dev.patchbay.hub;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/** The arrows between the hub's packages and the doors to the world outside. Main and HubAssembly, at the root, wire it all. */
@AnalyzeClasses(packages = "dev.patchbay.hub", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String HUB = "dev.patchbay.hub..";
    private static final String ROOT = "dev.patchbay.hub";
    private static final String CONFIG = "dev.patchbay.hub.config..";
    private static final String STORE = "dev.patchbay.hub.store..";
    private static final String ROUTING = "dev.patchbay.hub.routing..";
    private static final String TENANT = "dev.patchbay.hub.tenant..";
    private static final String CHANNEL = "dev.patchbay.hub.channel..";
    private static final String PLUGIN = "dev.patchbay.hub.plugin..";
    private static final String GATEWAY = "dev.patchbay.hub.gateway..";
    private static final String OPS = "dev.patchbay.hub.ops..";
    private static final String COMMAND = "dev.patchbay.hub.command..";

    // Arrows between features

    @ArchTest
    static final ArchRule featuresDoNotGoInCircles =
            slices().matching("dev.patchbay.hub.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule packagesAreNamedAfterFeatures = noClasses()
            .should()
            .resideInAnyPackage(
                    "..util..", "..utils..", "..common..", "..impl..", "..model..", "..dto..", "..helper..");

    @ArchTest
    static final ArchRule configKnowsNobody = noClasses()
            .that()
            .resideInAPackage(CONFIG)
            .should()
            .dependOnClassesThat(resideInAPackage(HUB).and(not(resideInAnyPackage(CONFIG, TENANT))));

    @ArchTest
    static final ArchRule storeKnowsNoFeatureAboveIt = noClasses()
            .that()
            .resideInAPackage(STORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    CHANNEL,
                    GATEWAY,
                    OPS,
                    COMMAND,
                    "dev.patchbay.hub.session..",
                    "dev.patchbay.hub.agent..",
                    "dev.patchbay.hub.delivery..");

    @ArchTest
    static final ArchRule routingIsPure = noClasses()
            .that()
            .resideInAPackage(ROUTING)
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("java.io..", "java.net..", "java.nio..", "java.sql..", "io.helidon..")
                            .or(resideInAPackage(HUB).and(not(resideInAnyPackage(ROUTING, CONFIG, TENANT)))));

    @ArchTest
    static final ArchRule tenantKnowsNobody = noClasses()
            .that()
            .resideInAPackage(TENANT)
            .should()
            .dependOnClassesThat(resideInAPackage(HUB).and(not(resideInAPackage(TENANT))));

    @ArchTest
    static final ArchRule commandsSeeConfigurationAndRoutesOnly = noClasses()
            .that()
            .resideInAPackage(COMMAND)
            .should()
            .dependOnClassesThat(
                    resideInAPackage(HUB).and(not(resideInAnyPackage(COMMAND, CONFIG, ROUTING, TENANT, ROOT))));

    @ArchTest
    static final ArchRule onlyCommandsLookUpToTheAssembly = noClasses()
            .that(not(resideInAnyPackage(ROOT, COMMAND)))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT);

    @ArchTest
    static final ArchRule pluginsKnowNothingOfThoseWhoUseThem = noClasses()
            .that()
            .resideInAPackage(PLUGIN)
            .should()
            .dependOnClassesThat(resideInAPackage(HUB)
                    .and(not(resideInAnyPackage(
                            PLUGIN, CONFIG, "dev.patchbay.hub.lane..", "dev.patchbay.hub.failpoint.."))));

    // Doors to the world outside

    @ArchTest
    static final ArchRule pluginsAreLoadedInPlugin = noClasses()
            .that(not(resideInAPackage(PLUGIN)))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.pf4j..");

    @ArchTest
    static final ArchRule theWebServerStandsInGatewayAndOps = noClasses()
            .that(not(resideInAnyPackage(GATEWAY, OPS)))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.helidon.webserver..");

    @ArchTest
    static final ArchRule sqlStaysInTheStore = noClasses()
            .that(not(resideInAPackage(STORE)))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.h2..", "org.flywaydb..");

    @ArchTest
    static final ArchRule thereIsOneLog =
            noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..");

    @ArchTest
    static final ArchRule onlyMainEndsTheProcess = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.patchbay.hub.Main")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    static final ArchRule onlyMainAndCommandsPrint = noClasses()
            .that(not(resideInAnyPackage(ROOT, COMMAND)))
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace");

    // Time, chance and threads

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class, int.class)
            .orShould()
            .callMethod(Thread.class, "sleep", Duration.class);

    @ArchTest
    static final ArchRule timeComesInThroughTheConstructor = noClasses()
            .that(not(resideInAnyPackage(ROOT, COMMAND)))
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone");

    @ArchTest
    static final ArchRule chanceComesInThroughTheConstructor = noClasses()
            .that(not(resideInAnyPackage(ROOT, COMMAND)))
            .should()
            .callConstructor(Random.class)
            .orShould()
            .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule staticFieldsNeverChange =
            fields().that().areStatic().should().beFinal();

    @ArchTest
    static final ArchRule noThreadsInStaticFields = noFields()
            .that()
            .areStatic()
            .should()
            .haveRawType(assignableTo(Executor.class))
            .orShould()
            .haveRawType(assignableTo(Thread.class));

    @ArchTest
    static final ArchRule weBlockInsteadOfPromising =
            noMethods().that().arePublic().should().haveRawReturnType(assignableTo(Future.class));
}

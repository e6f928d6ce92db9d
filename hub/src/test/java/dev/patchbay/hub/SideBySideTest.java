package dev.patchbay.hub;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import ch.qos.logback.classic.Logger;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Test classes run side by side in one process: who touches what all of them share has to say so. */
@AnalyzeClasses(packages = "dev.patchbay.hub", importOptions = ImportOption.OnlyIncludeTests.class)
class SideBySideTest {
    private static final Map<Class<?>, Set<String>> SHARED = Map.of(
            System.class,
            Set.of("setProperty", "setProperties", "clearProperty", "setOut", "setErr", "setIn"),
            Locale.class,
            Set.of("setDefault"),
            TimeZone.class,
            Set.of("setDefault"),
            Thread.class,
            Set.of("setDefaultUncaughtExceptionHandler", "getAllStackTraces"),
            ThreadMXBean.class,
            Set.of("getThreadCount", "getAllThreadIds", "dumpAllThreads"),
            OperatingSystemMXBean.class,
            Set.of("getProcessCpuTime", "getOpenFileDescriptorCount"),
            Logger.class,
            Set.of("addAppender"));

    @ArchTest
    static final ArchRule whatTheProcessSharesIsTouchedByIsolatedClassesOnly = noClasses()
            .that()
            .areNotAnnotatedWith(Isolated.class)
            .should()
            .callCodeUnitWhere(describe("it is shared by the whole process", SideBySideTest::isShared));

    @ArchTest
    static final ArchRule fuzzTestsRunOneByOne = classes()
            .that(fuzz())
            .should()
            .beAnnotatedWith(ResourceLock.class)
            .because("Jazzer keeps what it does in static fields");

    private static boolean isShared(JavaCall<?> call) {
        return SHARED.entrySet().stream()
                .anyMatch(each -> call.getTargetOwner().isAssignableTo(each.getKey())
                        && each.getValue().contains(call.getName()));
    }

    private static DescribedPredicate<JavaClass> fuzz() {
        return describe("have a fuzz test", type -> type.getMethods().stream()
                .anyMatch(method -> method.isAnnotatedWith(FuzzTest.class)));
    }
}

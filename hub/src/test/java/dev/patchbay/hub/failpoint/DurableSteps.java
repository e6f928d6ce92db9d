package dev.patchbay.hub.failpoint;

import static java.util.stream.Collectors.toCollection;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads the hub's classes: who makes something durable or lets it leave the process, and who reaches which fail point. */
final class DurableSteps {
    private static final String ROOT = "dev.patchbay.hub.";

    /** What cannot be taken back: the owner of a method, and the beginnings of its names. */
    private static final Map<String, List<String>> STEPS = Map.ofEntries(
            Map.entry("java.nio.channels.FileChannel", List.of("force", "write", "transfer")),
            Map.entry(
                    "java.nio.file.Files",
                    List.of("move", "copy", "write", "newOutputStream", "newBufferedWriter", "delete", "createFile")),
            Map.entry("java.io.FileOutputStream", List.of("<init>")),
            Map.entry("java.io.RandomAccessFile", List.of("<init>")),
            Map.entry("java.io.FileWriter", List.of("<init>")),
            Map.entry("java.sql.Connection", List.of("commit")),
            Map.entry("org.h2.mvstore.MVStore", List.of("commit", "sync")),
            Map.entry(ROOT + "store.Folders", List.of("force")),
            Map.entry(ROOT + "store.H2Sync", List.of("sync", "release")),
            Map.entry(ROOT + "store.HighWaterMark", List.of("write")),
            Map.entry(ROOT + "store.GroupCommit$Transactions", List.of("commit")),
            Map.entry(ROOT + "store.GroupCommit$Write", List.of("run", "tell")),
            Map.entry("dev.patchbay.api.Channel", List.of("deliver", "reconcile", "draft", "typing", "retract")),
            Map.entry("dev.patchbay.api.HttpReceiver", List.of("receive")),
            Map.entry("dev.patchbay.api.Agent", List.of("reply")),
            Map.entry(ROOT + "agent.Agents", List.of("run")),
            Map.entry("dev.patchbay.api.Receipt", List.of("<init>")),
            Map.entry("dev.patchbay.api.Answer", List.of("<init>")),
            Map.entry(ROOT + "event.Events$Listener", List.of("on")),
            Map.entry("io.helidon.webserver.http.ServerResponse", List.of("send")),
            Map.entry("io.helidon.common.buffers.DataWriter", List.of("write")),
            Map.entry("io.helidon.websocket.WsSession", List.of("send")),
            Map.entry(ROOT + "gateway.SseStream$Item", List.of("json")),
            Map.entry("java.net.http.HttpClient", List.of("send")),
            Map.entry("java.net.http.WebSocket", List.of("send")));

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.patchbay.hub");

    /** Methods with a step and the steps; the command line's own are left out, for it is another process. */
    Map<String, Set<String>> withSteps() {
        var found = new TreeMap<String, Set<String>>();
        units().forEach(unit -> calls(unit).filter(DurableSteps::isStep).forEach(call -> found.computeIfAbsent(
                        name(unit), absent -> new TreeSet<>())
                .add(call.getOwner().getSimpleName() + "." + call.getName())));
        return found;
    }

    /** Methods that reach a point, of whatever name. */
    Set<String> reaching() {
        return units().filter(unit -> calls(unit).anyMatch(DurableSteps::isReach))
                .map(DurableSteps::name)
                .collect(toCollection(TreeSet::new));
    }

    /** Who names a constant of one of the lists of points. */
    Set<String> placesOf(Enum<?> constant) {
        return units().filter(unit -> unit.getFieldAccesses().stream()
                        .anyMatch(access -> access.getTargetOwner()
                                        .getFullName()
                                        .equals(constant.getDeclaringClass().getName())
                                && access.getTarget().getName().equals(constant.name())))
                .map(DurableSteps::name)
                .collect(toCollection(TreeSet::new));
    }

    private Stream<JavaCodeUnit> units() {
        return classes.stream()
                .filter(each -> !each.getPackageName().startsWith(ROOT + "command")
                        && !each.getPackageName().startsWith(ROOT + "failpoint"))
                .flatMap(each -> each.getCodeUnits().stream());
    }

    private static Stream<CodeUnitAccessTarget> calls(JavaCodeUnit unit) {
        return Stream.of(
                        unit.getCallsFromSelf(),
                        unit.getMethodReferencesFromSelf(),
                        unit.getConstructorReferencesFromSelf())
                .flatMap(Set::stream)
                .map(JavaAccess::getTarget)
                .map(CodeUnitAccessTarget.class::cast);
    }

    private static boolean isStep(CodeUnitAccessTarget call) {
        return STEPS.entrySet().stream()
                .anyMatch(step -> call.getOwner().isAssignableTo(step.getKey())
                        && step.getValue().stream().anyMatch(call.getName()::startsWith));
    }

    /** Directly, or through a method of the same name that takes a point; the store's writer says when each moment is. */
    private static boolean isReach(CodeUnitAccessTarget call) {
        boolean takesPoint = call.getRawParameterTypes().stream()
                .anyMatch(each -> each.isAssignableTo(FailPoint.class) || each.isAssignableTo(StoreWrite.Moment.class));
        return takesPoint && Arrays.asList("reach", "passing").contains(call.getName());
    }

    private static String name(JavaCodeUnit unit) {
        String owner = unit.getOwner().getFullName();
        return owner.substring(ROOT.length()) + "." + unit.getName();
    }
}

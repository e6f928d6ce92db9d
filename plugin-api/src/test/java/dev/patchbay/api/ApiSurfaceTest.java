package dev.patchbay.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.TypeVariable;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the public surface of this module to api.txt, so that a change of the API shows in the diff of every commit that makes one.
 * A wanted change: {@code mvn -pl plugin-api test -Dapi.update=true}, then read the diff.
 */
class ApiSurfaceTest {

    private static final Path RECORDED = Path.of(System.getProperty("basedir", "."), "api.txt");

    @Test
    void theSurfaceIsTheRecordedOne() throws Exception {
        // Given
        var surface = surface();
        if (Boolean.getBoolean("api.update")) {
            Files.write(RECORDED, surface);
        }

        // When
        var recorded = Files.exists(RECORDED) ? Files.readAllLines(RECORDED) : List.<String>of();

        // Then
        assertThat(changes(recorded, surface))
                .as("changes of the plugin API; if they are wanted: mvn -pl plugin-api test -Dapi.update=true")
                .isEmpty();
        assertThat(surface).isEqualTo(recorded);
    }

    private static List<String> changes(List<String> recorded, List<String> surface) {
        var removed = qualified(recorded);
        removed.removeAll(qualified(surface));
        var added = qualified(surface);
        added.removeAll(qualified(recorded));
        return Stream.concat(
                        removed.stream().map(line -> "gone: " + line),
                        added.stream().map(line -> "new:  " + line))
                .toList();
    }

    /** Every member with the type it belongs to, for a message that can be read without the file. */
    private static Set<String> qualified(List<String> lines) {
        var all = new TreeSet<String>();
        var type = "";
        for (var line : lines) {
            if (line.startsWith("  ")) {
                all.add(type + " | " + line.strip());
            } else if (!line.isBlank()) {
                type = line;
                all.add(line);
            }
        }
        return all;
    }

    private static List<String> surface() throws IOException, URISyntaxException {
        var lines = new ArrayList<String>();
        for (var type : publicTypes()) {
            lines.add(describe(type));
            members(type).sorted().map(member -> "  " + member).forEach(lines::add);
            lines.add("");
        }
        return List.copyOf(lines);
    }

    private static List<Class<?>> publicTypes() throws IOException, URISyntaxException {
        var classes = Path.of(ChannelPlugin.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (var files = Files.walk(classes)) {
            var names = files.map(file -> classes.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> file.endsWith(".class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .filter(name -> !name.endsWith("package-info") && !name.endsWith("module-info"))
                    .sorted()
                    .toList();
            var types = new ArrayList<Class<?>>();
            for (var name : names) {
                var type = load(name);
                if (isVisible(type)) {
                    types.add(type);
                }
            }
            return List.copyOf(types);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ChannelPlugin.class.getClassLoader());
        } catch (ClassNotFoundException impossible) {
            throw new IllegalStateException(name, impossible);
        }
    }

    private static boolean isVisible(Class<?> type) {
        var outer = type.getDeclaringClass();
        return !type.isAnonymousClass()
                && !type.isLocalClass()
                && isVisible(type.getModifiers())
                && (outer == null || isVisible(outer));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String describe(Class<?> type) {
        var text = new StringBuilder(deprecation(type)).append(type.toGenericString());
        if (type.isRecord()) {
            text.append(Arrays.stream(type.getRecordComponents())
                    .map(ApiSurfaceTest::describe)
                    .collect(Collectors.joining(", ", "(", ")")));
        }
        append(
                text,
                " extends ",
                type.isInterface() || type.getAnnotatedSuperclass() == null
                        ? Stream.empty()
                        : Stream.of(type.getAnnotatedSuperclass())
                                .filter(parent ->
                                        !type.isRecord() && !type.isEnum() && parent.getType() != Object.class));
        append(text, type.isInterface() ? " extends " : " implements ", Arrays.stream(type.getAnnotatedInterfaces()));
        if (type.isSealed()) {
            text.append(Arrays.stream(type.getPermittedSubclasses())
                    .map(Class::getName)
                    .collect(Collectors.joining(", ", " permits ", "")));
        }
        return shortened(text.toString());
    }

    private static void append(StringBuilder text, String word, Stream<AnnotatedType> types) {
        var joined = types.map(AnnotatedType::toString).collect(Collectors.joining(", "));
        if (!joined.isEmpty()) {
            text.append(word).append(joined);
        }
    }

    private static String describe(RecordComponent component) {
        return component.getAnnotatedType() + " " + component.getName();
    }

    private static Stream<String> members(Class<?> type) {
        var fields = Arrays.stream(type.getDeclaredFields())
                .filter(field -> isVisible(field.getModifiers()))
                .map(ApiSurfaceTest::describe);
        var constructors = Arrays.stream(type.getDeclaredConstructors())
                .filter(constructor -> isVisible(constructor.getModifiers()))
                .map(ApiSurfaceTest::describe);
        var methods = Arrays.stream(type.getDeclaredMethods())
                .filter(method ->
                        isVisible(method.getModifiers()) && !method.isSynthetic() && !goesWithoutSaying(method))
                .map(ApiSurfaceTest::describe);
        return Stream.of(fields, constructors, methods).flatMap(all -> all).map(ApiSurfaceTest::shortened);
    }

    private static boolean goesWithoutSaying(Method method) {
        return switch (method.getName()) {
            case "equals", "hashCode", "toString" -> method.getDeclaringClass().isRecord();
            case "values", "valueOf" -> method.getDeclaringClass().isEnum();
            default -> false;
        };
    }

    private static String describe(Field field) {
        return deprecation(field) + modifiers(field.getModifiers(), Modifier.fieldModifiers())
                + field.getAnnotatedType() + " " + field.getName();
    }

    private static String describe(Constructor<?> constructor) {
        return deprecation(constructor) + modifiers(constructor.getModifiers(), Modifier.constructorModifiers()) + "new"
                + parameters(constructor);
    }

    private static String describe(Method method) {
        return deprecation(method) + (method.isDefault() ? "default " : "")
                + modifiers(method.getModifiers(), Modifier.methodModifiers()) + typeParameters(method)
                + method.getAnnotatedReturnType() + " " + method.getName() + parameters(method);
    }

    private static String parameters(Executable executable) {
        var thrown = Arrays.stream(executable.getAnnotatedExceptionTypes())
                .map(AnnotatedType::toString)
                .collect(Collectors.joining(", "));
        return Arrays.stream(executable.getAnnotatedParameterTypes())
                        .map(AnnotatedType::toString)
                        .collect(Collectors.joining(", ", "(", ")"))
                + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String typeParameters(Method method) {
        return method.getTypeParameters().length == 0
                ? ""
                : Arrays.stream(method.getTypeParameters())
                        .map(ApiSurfaceTest::describe)
                        .collect(Collectors.joining(", ", "<", "> "));
    }

    private static String describe(TypeVariable<?> variable) {
        return variable.getName()
                + Arrays.stream(variable.getAnnotatedBounds())
                        .map(AnnotatedType::toString)
                        .collect(Collectors.joining(" & ", " extends ", ""));
    }

    private static String modifiers(int modifiers, int kinds) {
        var text = Modifier.toString(modifiers & kinds & ~Modifier.TRANSIENT & ~Modifier.SYNCHRONIZED);
        return text.isEmpty() ? "" : text + " ";
    }

    private static String deprecation(AnnotatedElement element) {
        return element.isAnnotationPresent(Deprecated.class) ? "@Deprecated " : "";
    }

    private static String shortened(String text) {
        return text.replace("@org.jspecify.annotations.Nullable()", "@Nullable")
                .replace("@org.jspecify.annotations.Nullable", "@Nullable")
                .replace("public abstract interface", "public interface")
                .replace("public abstract sealed interface", "public sealed interface")
                .replaceAll("\\b(java\\.(lang|util|time|util\\.function)|dev\\.patchbay\\.api)\\.(?=[@A-Z])", "");
    }
}

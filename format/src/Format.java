import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The house's Java layout: {@code check} fails if a file is laid out otherwise, {@code apply} rewrites it.
 * Started by the format module on the JDK that compiles the project, because the formatter reads with the parser of the JDK
 * it runs on, and Maven's own may be too old for our sources.
 */
public final class Format {

    private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules");

    public static void main(String[] arguments) throws IOException {
        var apply = arguments[0].equals("apply");
        if (!apply && !arguments[0].equals("check")) {
            throw new IllegalArgumentException("-Dformat=" + arguments[0] + ": say check or apply");
        }
        var root = Path.of(arguments[1]).toRealPath();
        var formatter = Formatter.createFormatter(
                JavaFormatterOptions.builder().style(Style.PALANTIR).build());

        // In parallel: reading and laying out a thousand files is pure computation.
        var wrong = javaFilesUnder(root).parallelStream()
                .filter(file -> isWrong(file, formatter, apply))
                .map(file -> root.relativize(file).toString())
                .sorted()
                .toList();

        if (apply) {
            wrong.forEach(file -> System.out.println("formatted " + file));
        } else if (!wrong.isEmpty()) {
            wrong.forEach(file -> System.err.println("not in the house's layout: " + file));
            System.err.println("Cure: mvn -q -pl format verify -Dformat=apply");
            System.exit(1);
        }
    }

    private static boolean isWrong(Path file, Formatter formatter, boolean apply) {
        try {
            var before = Files.readString(file);
            var after = formatter.formatSourceAndFixImports(before);
            if (before.equals(after)) {
                return false;
            }
            if (apply) {
                Files.writeString(file, after);
            }
            return true;
        } catch (FormatterException unreadable) {
            System.err.println(file + ": " + unreadable.getMessage());
            return !apply;
        } catch (IOException failed) {
            throw new IllegalStateException(file.toString(), failed);
        }
    }

    private static List<Path> javaFilesUnder(Path root) throws IOException {
        var files = new ArrayList<Path>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return NOT_OURS.contains(directory.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java")) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private Format() {}
}

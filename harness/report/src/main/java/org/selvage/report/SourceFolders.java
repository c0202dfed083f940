package org.selvage.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds source lines in folders. A class is looked for in the file of its outermost class, below
 * the folder of its package.
 */
public final class SourceFolders implements Sources {
    /** A statement that goes on is joined from so many lines more. */
    private static final int MAX_LINES = 3;

    private static final long MAX_BYTES = 4L << 20;

    private final List<Path> roots;
    private final Map<String, List<String>> files = new HashMap<>();

    /**
     * Makes a finder.
     *
     * @param roots the folders that hold the top packages; the first that has a file wins
     */
    public SourceFolders(List<Path> roots) {
        this.roots = List.copyOf(roots);
    }

    /**
     * The folders in which the sources of compiled classes usually are: beside the classes
     * themselves, and in {@code src/main/java} and {@code src/test/java} of the project whose
     * {@code target} or {@code build} folder they are in.
     *
     * @param classes folders and jars
     */
    public static List<Path> besides(List<Path> classes) {
        Set<Path> roots = new LinkedHashSet<>();
        for (Path entry : classes) {
            Path whole = entry.toAbsolutePath().normalize();
            if (Files.isDirectory(whole)) {
                roots.add(whole);
            }
            for (Path at = whole; at != null; at = at.getParent()) {
                Path name = at.getFileName();
                if (name != null
                        && (name.toString().equals("target") || name.toString().equals("build"))) {
                    roots.add(at.resolveSibling("src/main/java"));
                    roots.add(at.resolveSibling("src/test/java"));
                    break;
                }
            }
        }
        roots.removeIf(root -> !Files.isDirectory(root));
        return List.copyOf(roots);
    }

    @Override
    public String line(String className, int line) {
        if (className.isEmpty() || line < 1) {
            return "";
        }
        List<String> lines = files.computeIfAbsent(outermost(className), this::read);
        if (line > lines.size()) {
            return "";
        }
        StringBuilder statement = new StringBuilder(lines.get(line - 1).strip());
        for (int next = line; next < lines.size() && next < line + MAX_LINES; next++) {
            if (isWhole(statement)) {
                break;
            }
            statement.append(endsOpen(statement) ? "" : " ").append(lines.get(next).strip());
        }
        return statement.toString();
    }

    private static boolean isWhole(CharSequence statement) {
        char last = statement.isEmpty() ? ';' : statement.charAt(statement.length() - 1);
        return last == ';' || last == '{' || last == '}';
    }

    private static boolean endsOpen(CharSequence statement) {
        return !statement.isEmpty() && statement.charAt(statement.length() - 1) == '(';
    }

    private static String outermost(String className) {
        int dollar = className.indexOf('$', className.lastIndexOf('.') + 2);
        return dollar < 0 ? className : className.substring(0, dollar);
    }

    private List<String> read(String className) {
        for (Path root : roots) {
            try {
                Path file = root.resolve(className.replace('.', '/') + ".java");
                if (Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES) {
                    return Files.readAllLines(file);
                }
            } catch (IOException | InvalidPathException e) {
                return List.of(); // a report without the quotation is better than none
            }
        }
        return List.of();
    }
}

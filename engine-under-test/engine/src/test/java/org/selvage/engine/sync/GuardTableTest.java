package org.selvage.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.selvage.engine.Engine;
import org.selvage.engine.ErrorLog;

/** The table of guards in LATCHES.md names every field that can change, and no other. */
class GuardTableTest {
    private static final String ROOT = "org.selvage.engine.";
    private static final List<String> PACKAGES =
            List.of(
                    "aio",
                    "background",
                    "bufferpool",
                    "changebuffer",
                    "dictionary",
                    "doublewrite",
                    "filespace",
                    "index",
                    "redo",
                    "tablespace",
                    "transaction");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    /** Values that are written once and handed over; their classes say so. */
    private static boolean isValue(Class<?> type) {
        return type.isRecord() || type.isEnum() || Throwable.class.isAssignableFrom(type);
    }

    private static boolean canChange(Field field) {
        if (Modifier.isStatic(field.getModifiers()) || field.isSynthetic()) {
            return false;
        }
        Class<?> type = field.getType();
        return !Modifier.isFinal(field.getModifiers())
                || Collection.class.isAssignableFrom(type)
                || Map.class.isAssignableFrom(type)
                || type.isArray();
    }

    private static Set<String> fields() throws Exception {
        Set<String> fields = new TreeSet<>();
        for (Class<?> type : classes()) {
            if (isValue(type)) {
                continue;
            }
            for (Field field : type.getDeclaredFields()) {
                if (canChange(field)) {
                    fields.add(type.getName().substring(ROOT.length()) + "." + field.getName());
                }
            }
        }
        return fields;
    }

    private static List<Class<?>> classes() throws Exception {
        Path classes =
                Path.of(Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Stream<Class<?>> inPackages = Stream.of(Engine.class, ErrorLog.class);
        for (String name : PACKAGES) {
            Path folder = classes.resolve(ROOT.replace('.', '/')).resolve(name);
            try (Stream<Path> files = Files.list(folder)) {
                List<Class<?>> found =
                        files.map(file -> file.getFileName().toString())
                                .filter(file -> file.endsWith(".class"))
                                .filter(file -> !file.equals("package-info.class"))
                                .<Class<?>>map(file -> load(name, file))
                                .toList();
                inPackages = Stream.concat(inPackages, found.stream());
            }
        }
        return inPackages.toList();
    }

    private static Class<?> load(String folder, String file) {
        try {
            String name = file.substring(0, file.length() - ".class".length());
            return Class.forName(ROOT + folder + "." + name, false, Engine.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> listed() throws IOException, URISyntaxException {
        Path classes =
                Path.of(Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path page = classes.resolve("../../../LATCHES.md").normalize();
        Set<String> listed = new TreeSet<>();
        boolean inTable = false;
        for (String line : Files.readAllLines(page)) {
            inTable |= line.equals("## Who guards which field");
            if (inTable && line.startsWith("| `")) {
                String[] cells = line.split("\\|", -1);
                String type = names(cells[1]).getFirst();
                names(cells[2]).forEach(field -> listed.add(type + "." + field));
                assertThat(cells[3]).as(type).isNotBlank();
            }
        }
        return listed;
    }

    private static List<String> names(String cell) {
        return NAME.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    @Test
    void theTableIsComplete() throws Exception {
        Set<String> fields = fields();
        assertThat(fields).hasSizeGreaterThan(150);
        assertThat(listed()).containsExactlyElementsOf(fields);
    }
}

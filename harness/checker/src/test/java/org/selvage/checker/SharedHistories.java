package org.selvage.checker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.selvage.checker.specification.CasRegister;
import org.selvage.checker.specification.FifoQueue;
import org.selvage.checker.specification.LifoStack;
import org.selvage.checker.specification.Specification;
import org.selvage.checker.specification.StringMap;

/**
 * The recorded histories with known verdicts that others have published, where they are present.
 */
final class SharedHistories {
    private SharedHistories() {}

    /** One of them. */
    record Known(Path file, Specification<?> specification, boolean valid) {}

    /**
     * The folder: the system property selvage.histories, or shared/histories beside the repository.
     */
    static Path folder() {
        String given = System.getProperty("selvage.histories");
        if (given != null) {
            return Path.of(given);
        }
        Path root = Path.of("").toAbsolutePath();
        while (root.getParent() != null && !Files.exists(root.resolve("harness"))) {
            root = root.getParent();
        }
        return root.resolveSibling("shared").resolve("histories");
    }

    static List<Known> all() throws IOException {
        List<Known> all = new ArrayList<>();
        List<String> lines = Files.readAllLines(folder().resolve("VERDICTS.tsv"));
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split("\t", -1);
            all.add(
                    new Known(
                            folder().resolve(fields[0]),
                            model(fields[1]),
                            Boolean.parseBoolean(fields[2])));
        }
        return all;
    }

    private static Specification<?> model(String described) {
        if (described.startsWith("etcd-cas-register")) {
            return new CasRegister();
        }
        if (described.startsWith("string map")) {
            return new StringMap();
        }
        return described.startsWith("stack") ? new LifoStack() : new FifoQueue();
    }
}

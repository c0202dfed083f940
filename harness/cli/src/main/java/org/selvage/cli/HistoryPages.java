package org.selvage.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.selvage.report.HtmlPage;

/** Where the pages of {@code selvage check --html} go. */
final class HistoryPages {
    private static final String SUFFIX = ".html";

    private final Path target;
    private final boolean oneFile;
    private final Set<String> taken = new HashSet<>();

    private HistoryPages(Path target, boolean oneFile) {
        this.target = target;
        this.oneFile = oneFile;
    }

    /**
     * Pages in a folder, or one page in a file that ends in .html.
     *
     * @throws Main.UsageException if the path cannot hold so many pages
     */
    static HistoryPages at(Path target, int pages) {
        boolean oneFile = target.toString().endsWith(SUFFIX) && !Files.isDirectory(target);
        if (oneFile && pages > 1) {
            throw new Main.UsageException(
                    "several histories need a folder for their pages: html="
                            + target
                            + " histories="
                            + pages);
        }
        Path folder = oneFile ? target.toAbsolutePath().getParent() : target;
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw new Main.UsageException("the folder cannot be written: folder=" + folder, e);
        }
        return new HistoryPages(target, oneFile);
    }

    /** Writes the page of a history that was held in memory; there is none of any other. */
    void write(HistoryResult result, String model) {
        if (!(result instanceof HistoryResult.Checked checked)) {
            return;
        }
        String page =
                HtmlPage.print(
                        HtmlPage.style() + HtmlPage.resource(HistoryPages.class, "history.css"),
                        HtmlPage.resource(HistoryPages.class, "history-body.html"),
                        HistoryJson.page(checked, model),
                        HtmlPage.resource(HistoryPages.class, "history.js"));
        Path file = oneFile ? target : target.resolve(name(checked.file()));
        try {
            Files.writeString(file, page, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Main.UsageException("the page cannot be written: file=" + file, e);
        }
    }

    private String name(Path history) {
        String base = String.valueOf(history.getFileName());
        String name = base;
        for (int i = 2; !taken.add(name); i++) {
            name = base + "-" + i;
        }
        return name + SUFFIX;
    }
}

package org.selvage.report;

import java.util.List;
import java.util.Locale;
import org.selvage.search.Search;

/** Searches as a short page of Markdown, for the summary that build servers show beside a job. */
public final class MarkdownSummary {
    private MarkdownSummary() {}

    /** Writes the page: a table of all searches, then the story of each finding, folded. */
    public static String print(List<Outcome> outcomes) {
        long found = outcomes.stream().filter(Outcome.Found.class::isInstance).count();
        StringBuilder page = new StringBuilder();
        page.append("### Selvage: ")
                .append(Wording.count(found, "finding", "findings"))
                .append(" in ");
        page.append(Wording.count(outcomes.size(), "search", "searches")).append("\n\n");
        page.append("| Search | Result | Executions | Distinct schedules | Cut off |\n");
        page.append("| --- | --- | ---: | ---: | ---: |\n");
        for (Outcome outcome : outcomes) {
            Search.Result search = outcome.search();
            page.append("| ")
                    .append(Markdown.text(outcome.title()))
                    .append(" | ")
                    .append(result(outcome));
            page.append(" | ")
                    .append(grouped(search.executions()))
                    .append(" | ")
                    .append(grouped(search.schedules()));
            page.append(" | ").append(grouped(search.unknown())).append(" |\n");
        }
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Found hit) {
                append(page, hit);
            }
        }
        return page.toString();
    }

    private static String result(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Found found ->
                    "**found**: "
                            + Markdown.text(
                                    Wording.cut(
                                            Wording.oneLine(found.finding().verdict().summary()),
                                            200));
            case Outcome.Nothing nothing ->
                    nothing.isKnown() ? "nothing found" : "nothing found, in part unknown";
        };
    }

    private static void append(StringBuilder page, Outcome.Found found) {
        Finding finding = found.finding();
        page.append("\n<details><summary>").append(Markdown.text(found.title())).append(": ");
        page.append(Markdown.text(Readme.kind(finding))).append("</summary>\n\n");
        int item = 1;
        for (String sentence : Story.sentences(finding.telling())) {
            page.append(item++).append(". ").append(Markdown.text(sentence)).append('\n');
        }
        page.append('\n');
        page.append(Markdown.fenced(Story.lines(finding.telling(), 100, false)));
        page.append("\nTo reproduce it:\n\n");
        page.append(Markdown.fenced(List.of(Wording.oneLine(finding.scheduleCommand()))))
                .append("\n</details>\n");
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}

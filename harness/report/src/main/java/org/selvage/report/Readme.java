package org.selvage.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.selvage.search.Search;

/**
 * The README of a finding, in the shape of the jcstress samples: how to run it, what happens, the
 * table of results.
 */
final class Readme {
    private Readme() {}

    /**
     * Writes it.
     *
     * @param folder the folder as it is named on the command line, such as {@code
     *     findings/0001-name}
     */
    static String print(Finding finding, String folder) {
        String number = folder.substring(folder.lastIndexOf('/') + 1).replaceFirst("-.*", "");
        StringBuilder text = new StringBuilder();
        text.append("# ")
                .append(number)
                .append(": ")
                .append(Markdown.text(title(finding)))
                .append("\n\n");
        text.append(Markdown.text(finding.verdict().summary())).append("\n\n");
        text.append("## How to run\n\n");
        String replay = finding.scheduleCommand();
        text.append(Markdown.fenced(List.of(replay, replay + " --trace", replay + " --times 100")));
        text.append(
                "\nThe first line shows the failure, the second every operation on the way, the third that it is");
        text.append(" always the same.\n\n");
        text.append("## What happens\n\n");
        int item = 1;
        for (String sentence : Story.sentences(finding.telling())) {
            text.append(item++).append(". ").append(Markdown.text(sentence)).append('\n');
        }
        text.append('\n');
        text.append(Markdown.fenced(Story.lines(finding.telling(), 100, false)));
        List<String> why = CauseText.sentences(finding.telling());
        if (!why.isEmpty()) {
            text.append("\n## Why\n\n");
            why.forEach(sentence -> text.append("- ").append(Markdown.text(sentence)).append('\n'));
            List<String> beside = CauseText.beside(finding.telling(), 100);
            if (!beside.isEmpty()) {
                text.append('\n').append(Markdown.fenced(beside.subList(1, beside.size())));
            }
        }
        text.append("\n## Expected results\n\n").append(results(finding));
        text.append("\n## Where the tasks stand when it fails\n\n");
        List<String> stands = new ArrayList<>();
        Cast.stands(finding)
                .forEach((head, stack) -> {
                    stands.add(head);
                    stack.forEach(frame -> stands.add("    " + frame));
                });
        text.append(Markdown.fenced(stands));
        text.append("\n## What was searched\n\n").append(searched(finding));
        return text.toString();
    }

    static String title(Finding finding) {
        String subject = finding.schedule().subject();
        String profile = finding.schedule().profile();
        return subject.substring(subject.indexOf(' ') + 1)
                + (profile.isEmpty() ? "" : " under " + profile)
                + ": "
                + kind(finding);
    }

    /** The kind of failure in a word or two. */
    static String kind(Finding finding) {
        String kind = finding.signature().kind();
        return kind.substring(
                Math.max(
                                kind.lastIndexOf('.'),
                                Math.max(kind.lastIndexOf('$'), kind.lastIndexOf(' ')))
                        + 1);
    }

    private static String results(Finding finding) {
        Search.Result search = finding.search();
        long failed = search.failure() == null ? 0 : 1;
        long passed = Math.max(0, search.executions() - failed - search.unknown());
        StringBuilder table = new StringBuilder();
        table.append("| Result | Executions in the search | Expect | Description |\n");
        table.append("| --- | ---: | --- | --- |\n");
        table.append("| ").append(Markdown.text(finding.signature().toString()));
        table.append(" | ")
                .append(grouped(failed))
                .append(" | Forbidden | The finding; with this schedule it happens each time. |\n");
        table.append("| passed | ")
                .append(grouped(passed))
                .append(" | Acceptable | Every check held. |\n");
        if (search.unknown() > 0) {
            table.append("| cut off | ").append(grouped(search.unknown()));
            table.append(" | Unknown | Nothing is known of how these end. |\n");
        }
        table.append(
                "| diverged | 0 | Changed | The program no longer does what the schedule expects: replay names the step, with exit status 4. |\n");
        return table.toString();
    }

    private static String searched(Finding finding) {
        StringBuilder list = new StringBuilder();
        list.append("- ")
                .append(Wording.count(finding.search().executions(), "execution", "executions"));
        list.append(", ")
                .append(
                        Wording.count(
                                finding.search().schedules(),
                                "distinct schedule",
                                "distinct schedules"));
        list.append(" until it was found\n- shrunk to ");
        list.append(
                Wording.count(
                        finding.schedule().steps().size(), "context switch", "context switches"));
        list.append(Markdown.text(Wording.sizes(finding)));
        list.append(" in ")
                .append(Wording.count(finding.shrunk().executions(), "execution", "executions"))
                .append('\n');
        if (!finding.schedule().defects().isEmpty()) {
            list.append("- with these defects woven in: ");
            list.append(Markdown.text(String.join(", ", finding.schedule().defects())))
                    .append('\n');
        }
        for (String option : finding.options()) {
            list.append("- ").append(Markdown.text(option)).append('\n');
        }
        return list.toString();
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}

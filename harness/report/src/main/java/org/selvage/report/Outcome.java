package org.selvage.report;

import java.util.ArrayList;
import java.util.List;
import org.selvage.search.Search;

/** How one search ended, for the reports that a build server reads. */
public sealed interface Outcome {
    /** What was searched, as {@code scenario NAME}. */
    String subject();

    /** Its profile, or an empty string. */
    String profile();

    /** What the search did. */
    Search.Result search();

    /** What was searched in a few words: the subject's name and the profile. */
    default String title() {
        String name = subject().substring(subject().indexOf(' ') + 1);
        return Wording.oneLine(profile().isEmpty() ? name : name + " under " + profile());
    }

    /** The findings among these outcomes. */
    static List<Finding> findings(List<Outcome> outcomes) {
        List<Finding> findings = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Found found) {
                findings.add(found.finding());
            }
        }
        return findings;
    }

    /** Something was found. */
    record Found(Finding finding) implements Outcome {
        @Override
        public String subject() {
            return finding.schedule().subject();
        }

        @Override
        public String profile() {
            return finding.schedule().profile();
        }

        @Override
        public Search.Result search() {
            return finding.search();
        }
    }

    /** Nothing was found in what was covered. */
    record Nothing(Coverage coverage) implements Outcome {
        @Override
        public String subject() {
            return coverage.subject();
        }

        @Override
        public String profile() {
            return coverage.profile();
        }

        @Override
        public Search.Result search() {
            return coverage.search();
        }

        /** Whether the end of each execution is known, and there was one. */
        public boolean isKnown() {
            return search().executions() > 0 && search().unknown() == 0;
        }
    }
}

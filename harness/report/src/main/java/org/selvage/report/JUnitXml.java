package org.selvage.report;

import java.util.List;
import java.util.Locale;

/**
 * Searches as the XML that build servers read for JUnit tests: a test case for each search. A
 * finding is a failure. A search of which some executions were cut off is {@code skipped}, as the
 * format has no other word for unknown; it is never a pass.
 */
public final class JUnitXml {
    private JUnitXml() {}

    /** Writes the searches as one test suite. */
    public static String print(List<Outcome> outcomes) {
        StringBuilder cases = new StringBuilder();
        int failures = 0;
        int skipped = 0;
        double seconds = 0;
        for (Outcome outcome : outcomes) {
            double time = outcome.search().nanos() / 1e9;
            seconds += time;
            cases.append("  <testcase classname=\"")
                    .append(escape("selvage." + outcome.subject().replace(' ', '.')));
            cases.append("\" name=\"").append(escape(outcome.title()));
            cases.append("\" time=\"").append(number(time)).append("\">\n");
            switch (outcome) {
                case Outcome.Found found -> {
                    failures++;
                    cases.append("    <failure message=\"");
                    String summary = found.finding().verdict().summary();
                    cases.append(escape(Wording.cut(summary, Wording.LONGEST)));
                    cases.append("\" type=\"");
                    cases.append(escape(found.finding().signature().kind())).append("\">");
                    cases.append(escape(TextReport.finding(found.finding())))
                            .append("</failure>\n");
                }
                case Outcome.Nothing nothing -> {
                    if (!nothing.isKnown()) {
                        skipped++;
                        cases.append("    <skipped message=\"")
                                .append(escape(unknown(nothing)))
                                .append("\"/>\n");
                    }
                    cases.append("    <system-out>")
                            .append(escape(TextReport.nothingFound(nothing.coverage())));
                    cases.append("</system-out>\n");
                }
            }
            cases.append("  </testcase>\n");
        }
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"selvage\" tests=\""
                + outcomes.size()
                + "\" failures=\""
                + failures
                + "\" errors=\"0\" skipped=\""
                + skipped
                + "\" time=\""
                + number(seconds)
                + "\">\n"
                + cases
                + "</testsuite>\n";
    }

    private static String unknown(Outcome.Nothing nothing) {
        long cutOff = nothing.search().unknown();
        return cutOff == 0
                ? "unknown: no execution was finished"
                : "unknown: "
                        + Wording.count(cutOff, "execution was", "executions were")
                        + " cut off";
    }

    private static String number(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }

    /** Text or an attribute's value; a character that XML cannot hold becomes U+FFFD. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 32);
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '<' -> escaped.append("&lt;");
                        case '>' -> escaped.append("&gt;");
                        case '&' -> escaped.append("&amp;");
                        case '"' -> escaped.append("&quot;");
                        case '\n' -> escaped.append("&#10;");
                        case '\t' -> escaped.append("&#9;");
                        case '\r' -> escaped.append("&#13;");
                        default -> escaped.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
                    }
                });
        return escaped.toString();
    }

    /** The production Char of XML 1.0, without the line breaks, which are escaped. */
    private static boolean isAllowed(int c) {
        return (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000;
    }
}

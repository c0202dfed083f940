package org.selvage.report;

import java.util.Collections;
import java.util.List;

/** Text that cannot be mistaken for Markdown or HTML. */
final class Markdown {
    private static final String SPECIAL = "\\`*_{}[]<>()#+-!|~&$@:";

    private Markdown() {}

    /** Text of the program in running prose or a cell of a table. */
    static String text(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        String line = Wording.oneLine(text);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean special =
                    switch (c) {
                        // In the middle of a line these stand for themselves, and escaping them
                        // makes the source hard to read.
                        case '(', ')', '-', '+', '#', '!', ':' -> i == 0;
                        default -> SPECIAL.indexOf(c) >= 0;
                    };
            if (c == '<') {
                escaped.append("&lt;");
            } else if (c == '>') {
                escaped.append("&gt;");
            } else if (c == '&') {
                escaped.append("&amp;");
            } else {
                escaped.append(special ? "\\" : "").append(c);
            }
        }
        return escaped.toString();
    }

    /** Lines in a fence that is longer than any run of backquotes in them. */
    static String fenced(List<String> lines) {
        int longest = 2;
        for (String line : lines) {
            int run = 0;
            for (int i = 0; i < line.length(); i++) {
                run = line.charAt(i) == '`' ? run + 1 : 0;
                longest = Math.max(longest, run);
            }
        }
        String fence = String.join("", Collections.nCopies(longest + 1, "`"));
        return fence + "text\n" + String.join("\n", lines) + "\n" + fence + "\n";
    }
}

package org.selvage.disk;

import java.util.regex.PatternSyntaxException;

/**
 * Translates the globs of {@link java.nio.file.FileSystem#getPathMatcher} to regular expressions.
 */
final class Glob {
    private static final String REGEX_SPECIAL = "\\.^$|?*+()[]{}";

    private final String glob;
    private final StringBuilder regex = new StringBuilder();
    private int next;

    private Glob(String glob) {
        this.glob = glob;
    }

    /**
     * @throws PatternSyntaxException for an unclosed bracket or group, a nested group, a slash or a
     *     bad range in brackets, or a backslash at the end
     */
    static String toRegex(String glob) {
        Glob translation = new Glob(glob);
        translation.translate();
        return translation.regex.toString();
    }

    private void translate() {
        boolean inGroup = false;
        while (next < glob.length()) {
            char c = glob.charAt(next++);
            switch (c) {
                case '*' -> star();
                case '?' -> regex.append("[^/]");
                case '[' -> brackets();
                case '\\' -> {
                    if (next == glob.length()) {
                        throw error("No character to escape", next - 1);
                    }
                    literal(glob.charAt(next++));
                }
                case '{' -> {
                    if (inGroup) {
                        throw error("Cannot nest groups", next - 1);
                    }
                    inGroup = true;
                    regex.append("(?:(?:");
                }
                case '}' -> {
                    regex.append(inGroup ? "))" : "\\}");
                    inGroup = false;
                }
                case ',' -> regex.append(inGroup ? ")|(?:" : ",");
                default -> literal(c);
            }
        }
        if (inGroup) {
            throw error("Missing '}'", next - 1);
        }
    }

    private void star() {
        if (next < glob.length() && glob.charAt(next) == '*') {
            next++;
            regex.append(".*");
        } else {
            regex.append("[^/]*");
        }
    }

    private void literal(char c) {
        if (REGEX_SPECIAL.indexOf(c) >= 0) {
            regex.append('\\');
        }
        regex.append(c);
    }

    /** Translates what follows an opening bracket; a hyphen first in it stands for itself. */
    private void brackets() {
        regex.append("(?!/)[");
        if (peek('!')) {
            next++;
            regex.append('^');
        }
        int start = next;
        if (peek('-')) {
            next++;
            regex.append("\\-");
        }
        while (next < glob.length() && !peek(']')) {
            char from = member();
            if (from == '-') {
                throw error("Invalid range", next - 1);
            }
            regex.append(quoted(from));
            if (peek('-')) {
                range(from);
            }
        }
        if (next == glob.length()) {
            throw error("Missing ']'", next - 1);
        }
        if (next == start) {
            throw error("Nothing between the brackets", next);
        }
        next++;
        regex.append(']');
    }

    /**
     * Translates a hyphen after a character and what follows it; last in the brackets it is itself.
     */
    private void range(char from) {
        next++;
        if (next == glob.length() || peek(']')) {
            regex.append("\\-");
            return;
        }
        char to = glob.charAt(next++);
        if (to < from) {
            throw error("Invalid range", next - 3);
        }
        regex.append('-').append(quoted(to));
    }

    private char member() {
        char c = glob.charAt(next++);
        if (c == '/') {
            throw error("Explicit 'name separator' in class", next - 1);
        }
        return c;
    }

    private boolean peek(char expected) {
        return next < glob.length() && glob.charAt(next) == expected;
    }

    private static String quoted(char c) {
        return "\\[]^-&".indexOf(c) >= 0 ? "\\" + c : String.valueOf(c);
    }

    private PatternSyntaxException error(String description, int index) {
        return new PatternSyntaxException(description, glob, index);
    }
}

package org.selvage.checker.format;

import java.io.Serial;
import java.math.BigInteger;

/** A position in one line of text. */
final class TextCursor {
    static final int DEEPEST = 64;

    /** The line is not what it should be; the message says where in the line. */
    static final class SyntaxException extends RuntimeException {
        @Serial private static final long serialVersionUID = 1L;

        SyntaxException(String message) {
            super(message, null, false, false);
        }
    }

    private final String text;
    private int at;

    TextCursor(String text) {
        this.text = text;
    }

    boolean done() {
        return at >= text.length();
    }

    /** The character here, or 0 at the end. */
    char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    char take() {
        char c = peek();
        at++;
        return c;
    }

    boolean takeIf(char wanted) {
        if (peek() == wanted && !done()) {
            at++;
            return true;
        }
        return false;
    }

    void skip(String separators) {
        while (at < text.length() && separators.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    /** The characters up to the first of {@code ends}, or to the end of the line. */
    String until(String ends) {
        int from = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    String rest() {
        String rest = text.substring(Math.min(at, text.length()));
        at = text.length();
        return rest;
    }

    SyntaxException problem(String expected) {
        String found = done() ? "the end of the line" : "'" + peek() + "'";
        return new SyntaxException(
                "column=" + (at + 1) + " expected " + expected + ", found " + found);
    }

    /** A quoted string with the escapes of JSON, which EDN shares. */
    String quoted() {
        if (!takeIf('"')) {
            throw problem("a string");
        }
        StringBuilder value = new StringBuilder();
        while (!takeIf('"')) {
            if (done()) {
                throw problem("the end of the string");
            }
            char c = take();
            value.append(c == '\\' ? escape() : c);
        }
        return value.toString();
    }

    private char escape() {
        char c = take();
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case '"', '\\', '/' -> c;
            case 'u' -> unicode();
            default -> throw problem("an escape");
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw problem("four hexadecimal digits");
            }
            code = code * 16 + digit;
            at++;
        }
        return (char) code;
    }

    /** A number: a Long, or a BigInteger or a Double where that does not hold it. */
    Object number() {
        int from = at;
        boolean integral = true;
        takeIf('-');
        while (Character.isDigit(peek()) || (!done() && ".eE+-".indexOf(peek()) >= 0)) {
            integral &= Character.isDigit(peek());
            at++;
        }
        String digits = text.substring(from, at);
        try {
            if (!integral) {
                return Double.valueOf(digits);
            }
            return digits.length() < 19 ? (Object) Long.valueOf(digits) : large(digits);
        } catch (NumberFormatException e) {
            at = from;
            throw problem("a number");
        }
    }

    private static Object large(String digits) {
        BigInteger value = new BigInteger(digits);
        return value.bitLength() < 64 ? (Object) value.longValueExact() : value;
    }

    /** Appends a string in quotes. */
    static void quote(StringBuilder out, String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}

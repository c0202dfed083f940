package org.selvage.checker.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.HistoryException;

/**
 * The lines of a UTF-8 stream, numbered from 1. A line that is too long or is no text is an error,
 * so that a file of junk is found out at its start.
 */
final class Lines {
    private final InputStream in;
    private final String source;
    private final int longest;
    private final byte[] chunk = new byte[1 << 16];
    private byte[] line = new byte[256];
    private int at;
    private int end;
    private int number;

    Lines(InputStream in, String source, int longest) {
        this.in = in;
        this.source = source;
        this.longest = longest;
    }

    /** The number of the line returned last. */
    int number() {
        return number;
    }

    /** The next line without its end, or null after the last. */
    @Nullable String next() throws IOException {
        int length = 0;
        number++;
        while (true) {
            if (at == end) {
                end = in.read(chunk);
                at = 0;
                if (end <= 0) {
                    end = 0;
                    return length == 0 ? null : text(length);
                }
            }
            byte b = chunk[at++];
            if (b == '\n') {
                return text(length);
            }
            if (b >= 0 && b < ' ' && b != '\t' && b != '\r') {
                throw new HistoryException(
                        source, number, "not text: byte=" + b + " column=" + (length + 1));
            }
            if (length == longest) {
                throw new HistoryException(source, number, "longer than " + longest + " bytes");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, length * 2);
            }
            line[length++] = b;
        }
    }

    private String text(int length) {
        int kept = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, 0, kept))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new HistoryException(source, number, "not UTF-8 text");
        }
    }
}

package org.selvage.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.selvage.search.Carriers;

/**
 * The standard streams while a program that nobody prepared is searched: what it prints goes
 * nowhere, as each execution would print the same again, and it fails when it reads. Threads that
 * are not controlled see no difference. They are as before once this is closed.
 */
@SuppressWarnings("SystemOut")
final class StandardStreams {
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final InputStream in = System.in;

    StandardStreams() {
        System.setOut(new PrintStream(new Output(out), true));
        System.setErr(new PrintStream(new Output(err), true));
        System.setIn(new Input(in));
    }

    /** Gives the streams back. */
    void close() {
        System.setOut(out);
        System.setErr(err);
        System.setIn(in);
    }

    /** A controlled program reads standard input. */
    static final class InputError extends Error {
        private static final long serialVersionUID = 1L;

        InputError() {
            super("the program reads standard input");
        }
    }

    private static final class Output extends OutputStream {
        private final OutputStream original;

        Output(OutputStream original) {
            this.original = original;
        }

        @Override
        public void write(int b) throws IOException {
            if (!Carriers.isCarrier()) {
                original.write(b);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!Carriers.isCarrier()) {
                original.write(bytes, offset, length);
            }
        }

        @Override
        public void flush() throws IOException {
            if (!Carriers.isCarrier()) {
                original.flush();
            }
        }
    }

    private static final class Input extends InputStream {
        private final InputStream original;

        Input(InputStream original) {
            this.original = original;
        }

        @Override
        public int read() throws IOException {
            refuse();
            return original.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            refuse();
            return original.read(into, offset, length);
        }

        @Override
        public int available() throws IOException {
            refuse();
            return original.available();
        }

        private static void refuse() {
            if (Carriers.isCarrier()) {
                throw new InputError();
            }
        }
    }
}

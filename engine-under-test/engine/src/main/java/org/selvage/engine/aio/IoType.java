package org.selvage.engine.aio;

/** Direction of an I/O request. */
public enum IoType {
    READ("read"),
    WRITE("write");

    private final String text;

    IoType(String text) {
        this.text = text;
    }

    /** As InnoDB prints it in the error log. */
    public String text() {
        return text;
    }
}

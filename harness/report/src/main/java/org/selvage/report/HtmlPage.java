package org.selvage.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A page in one file that opens from disk without a network and may load nothing. Its data is
 * embedded as JSON; no text of the data becomes markup, as long as the page's script only ever sets
 * it as text.
 */
public final class HtmlPage {
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

    private HtmlPage() {}

    /**
     * The page.
     *
     * @param style style sheets
     * @param body the markup of its body
     * @param json the data, which the script finds in the element "data"
     * @param script what fills the body
     */
    public static String print(String style, String body, String json, String script) {
        return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\""
                + POLICY
                + "\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>Selvage</title>\n<style>\n"
                + style
                + "</style>\n</head>\n<body>\n"
                + body
                + "<script type=\"application/json\" id=\"data\">"
                + escape(json)
                + "</script>\n<script>\n"
                + script
                + "</script>\n</body>\n</html>\n";
    }

    /** The style sheet that all pages share. */
    public static String style() {
        return resource(HtmlPage.class, "report.css");
    }

    /** A text file beside a class. */
    public static String resource(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "a part of the program is missing: resource=" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * JSON that cannot end the element that it stands in. REQUIRES: these characters stand in
     * strings only.
     */
    private static String escape(String json) {
        return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }
}

package org.selvage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownTest {
    @Test
    void pipesTagsAndMarksAreText() {
        assertThat(Markdown.text("a|b `c` *d* <script>&amp; [e](f)\nnext"))
                .isEqualTo("a\\|b \\`c\\` \\*d\\* &lt;script&gt;&amp;amp; \\[e\\](f) next");
        assertThat(Markdown.text("# heading")).isEqualTo("\\# heading");
        assertThat(Markdown.text("- item")).isEqualTo("\\- item");
    }

    @Test
    void aPipeInAFailureDoesNotBreakTheTable() {
        String readme =
                Readme.print(
                        tableNamed("a | b\n</script><script>alert(1)</script>"), "findings/0001-x");
        assertThat(readme)
                .contains("a \\| b &lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;\n");
        for (String line : readme.lines().filter(line -> line.startsWith("|")).toList()) {
            assertThat(line.replace("\\|", "").chars().filter(c -> c == '|').count()).isEqualTo(5);
        }
    }

    @Test
    void aFenceIsLongerThanWhatItHolds() {
        assertThat(Markdown.fenced(List.of("a ```` b"))).isEqualTo("`````text\na ```` b\n`````\n");
    }

    static Finding tableNamed(String name) {
        return Samples.lostUpdate(name).finding();
    }
}

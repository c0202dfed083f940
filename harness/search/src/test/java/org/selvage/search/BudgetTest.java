package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "30s, PT30S", "10m, PT10M", "2h, PT2H", "999999999h, PT87600H"})
    void time(String text, Duration time) {
        Budget budget = Budget.parse(text);
        assertThat(budget.time()).isEqualTo(time);
        assertThat(budget.executions()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void executions() {
        assertThat(Budget.parse("1").executions()).isEqualTo(1);
        assertThat(Budget.parse("999999999999999999").executions())
                .isEqualTo(999_999_999_999_999_999L);
        // A search looks at the clock in nanoseconds, so the time must fit.
        assertThat(Budget.parse("1").time().toNanos()).isPositive();
    }

    @Test
    void theLongestTimeFitsIntoNanoseconds() {
        assertThat(Budget.parse("999999999h").time().toNanos()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "0",
                "0s",
                "0ms",
                "-1",
                "-5s",
                "5",
                "1.5s",
                "s",
                "10d",
                "10 s",
                "1e3",
                "9999999999s",
                "9999999999999999999",
                "+3",
                "٣s",
                "3S"
            })
    void refusesWithOneLine(String text) {
        if (text.equals("5")) {
            assertThat(Budget.parse(text).executions()).isEqualTo(5);
            return;
        }
        assertThatThrownBy(() -> Budget.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .endsWith("budget=" + text)
                .doesNotContain("\n");
    }
}

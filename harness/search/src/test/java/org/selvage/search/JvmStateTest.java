package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a program sets in the JVM, no other execution sees. */
class JvmStateTest {
    @ParameterizedTest
    @CsvSource({
        "property, null set",
        "number, 1 2",
        "cleared, true false",
        "properties, none own",
        "locale, false true",
        "format, '0.5 0,5'",
        "timeZone, false true",
        "streams, 'false out io java.lang.IllegalStateException: !'",
        "authenticator, true false",
        "cookies, true false",
        "proxy, false true",
        "urlHandlers, unknown programs",
        "securityProperty, null set",
        "provider, false true",
        "bean, false true",
        "logger, null/0/null/1INFO FINE/1/FINER/1SEVERE"
    })
    void eachExecutionBeginsAlike(String program, String seen) throws Exception {
        Explorer.Report report = Explorer.explore("JvmState." + program, "random", 1L, 3L);
        assertThat(report.verdicts()).containsOnlyKeys("passed");
        assertThat(report.outcomes()).containsOnlyKeys(seen);
    }

    @Test
    void theJvmItselfIsUntouched() throws Exception {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        Object out = System.out;
        for (String program : new String[] {"property", "locale", "timeZone", "streams"}) {
            Explorer.once("JvmState." + program);
        }
        assertThat(System.getProperty("programs.key")).isNull();
        assertThat(Locale.getDefault()).isEqualTo(locale);
        assertThat(TimeZone.getDefault()).isEqualTo(zone);
        assertThat(System.out).isSameAs(out);
    }

    @Test
    void tasksRaceForAProperty() throws Exception {
        Explorer.passes("JvmState.checkThenSet", "1", "2");
    }

    @Test
    void portsAndProcessesAreGivenBack() throws Exception {
        int port = Integer.parseInt(Explorer.once("JvmState.port").substring("passed ".length()));
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(ConnectException.class);
        assertThat(Explorer.once("JvmState.process")).isEqualTo("passed true");
        for (ProcessHandle left : ProcessHandle.current().children().toList()) {
            left.onExit().get(30, TimeUnit.SECONDS); // fails if it runs on
        }
    }
}

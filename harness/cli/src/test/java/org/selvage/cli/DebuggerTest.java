package org.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.StepEvent;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequestManager;
import com.sun.jdi.request.StepRequest;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.selvage.search.FailingOperation;

/** A Java debugger at {@code selvage replay --debug}: it stops where it should, and is not felt. */
final class DebuggerTest {
    private static final Pattern LISTENING = Pattern.compile("Listening .* address: .*?(\\d+)");
    private static final Pattern DIGEST = Pattern.compile("digest=(\\w+)");
    private static final String PROGRAM = "programs.CounterScenario";

    /** No event for so long means that the program hangs. */
    private static final long PATIENCE_MILLIS = 60_000L;

    @TempDir private Path folder = Path.of("set by JUnit");

    /** What the debugger saw. */
    private static final class Seen {
        private final List<String> reached = new ArrayList<>();
        private final List<String> frames = new ArrayList<>();
        private int breakpointsInProgram;
        private int steps;
        private boolean ended;
    }

    private static String run(String... arguments) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out, true);
        assertThat(Main.run(writer, writer, arguments)).as(out.toString()).isEqualTo(1);
        return out.toString();
    }

    private Path schedule() {
        Path out = folder.resolve("out");
        Path findings = folder.resolve("findings");
        run("search", "counter", "--findings", findings.toString(), "--out", out.toString());
        return out.resolve("counter/racy-seed1.schedule");
    }

    @Test
    void aDebuggerStopsAtTheFailingOperationAndChangesNothing() throws Exception {
        String schedule = schedule().toString();
        String alone = run("replay", schedule);
        Process process =
                FreshJvm.start(List.of(), "replay", schedule, "--debug", "--debug-port", "0");
        StringBuilder text = new StringBuilder();
        Seen seen = new Seen();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                text.append(line).append('\n');
                Matcher listening = LISTENING.matcher(line);
                if (listening.find()) {
                    debug(attach(listening.group(1)), seen);
                }
            }
            assertThat(process.waitFor()).as(text.toString()).isEqualTo(1);
        } finally {
            process.destroyForcibly();
        }
        // The last thing that fails is the main task's look at the counter.
        assertThat(seen.ended).isTrue();
        assertThat(seen.reached).as(text.toString()).hasSize(1);
        assertThat(seen.reached.getFirst()).contains("main", "AtomicInteger.get");
        assertThat(seen.frames).anyMatch(frame -> frame.startsWith(PROGRAM + ".racy:"));
        assertThat(seen.breakpointsInProgram).isPositive();
        assertThat(seen.steps).isPositive();
        assertThat(text).contains("2 of 2 replays had identical operations");
        assertThat(digest(text.toString())).isEqualTo(digest(alone));
    }

    private static String digest(String text) {
        Matcher matcher = DIGEST.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }

    private static VirtualMachine attach(String port) throws Exception {
        for (AttachingConnector connector :
                Bootstrap.virtualMachineManager().attachingConnectors()) {
            if (connector.transport().name().equals("dt_socket")
                    && connector.defaultArguments().containsKey("port")) {
                Map<String, Connector.Argument> arguments = connector.defaultArguments();
                Objects.requireNonNull(arguments.get("hostname")).setValue("localhost");
                Objects.requireNonNull(arguments.get("port")).setValue(port);
                return connector.attach(arguments);
            }
        }
        throw new AssertionError("this JDK has no debugger that attaches to a socket");
    }

    /** Sets breakpoints, steps from each of the first ones, and lets the program run to its end. */
    private static void debug(VirtualMachine machine, Seen seen) throws Exception {
        for (String type : List.of(FailingOperation.class.getName(), PROGRAM)) {
            ClassPrepareRequest request = machine.eventRequestManager().createClassPrepareRequest();
            request.addClassFilter(type);
            request.enable();
        }
        try {
            while (true) {
                EventSet events = machine.eventQueue().remove(PATIENCE_MILLIS);
                assertThat(events).as("an event within a minute").isNotNull();
                for (Event event : events) {
                    handle(event, machine.eventRequestManager(), seen);
                }
                events.resume();
            }
        } catch (VMDisconnectedException ended) {
            seen.ended = true; // what it printed says how
        }
    }

    private static void handle(Event event, EventRequestManager requests, Seen seen)
            throws Exception {
        switch (event) {
            case ClassPrepareEvent prepared -> setBreakpoints(prepared.referenceType(), requests);
            case BreakpointEvent stop
                    when stop.location().declaringType().name().equals(PROGRAM) -> {
                seen.breakpointsInProgram++;
                step(stop.thread(), requests);
            }
            case BreakpointEvent stop -> {
                StackFrame frame = stop.thread().frame(0);
                seen.reached.add(frame.getArgumentValues().toString());
                for (StackFrame below : stop.thread().frames()) {
                    seen.frames.add(
                            below.location().declaringType().name()
                                    + "."
                                    + below.location().method().name()
                                    + ":"
                                    + below.location().lineNumber());
                }
                step(stop.thread(), requests);
            }
            case StepEvent step -> {
                seen.steps++;
                requests.deleteEventRequest(step.request());
                step(step.thread(), requests);
            }
            default -> {}
        }
    }

    /** One in the method that is called for debuggers; one at each line of the program. */
    private static void setBreakpoints(ReferenceType type, EventRequestManager requests)
            throws AbsentInformationException {
        List<Location> locations =
                type.name().equals(PROGRAM)
                        ? type.allLineLocations()
                        : List.of(type.methodsByName("reached").getFirst().location());
        for (Location location : locations) {
            requests.createBreakpointRequest(location).enable();
        }
    }

    /** To the thread's next line in the program, if it does not step already. */
    private static void step(ThreadReference thread, EventRequestManager requests) {
        if (requests.stepRequests().stream().anyMatch(step -> step.thread().equals(thread))) {
            return;
        }
        StepRequest step =
                requests.createStepRequest(thread, StepRequest.STEP_LINE, StepRequest.STEP_OVER);
        step.addClassFilter(PROGRAM);
        step.enable();
    }
}

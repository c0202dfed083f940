package org.selvage.benchmarks;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import org.jetbrains.lincheck.Lincheck;
import org.selvage.benchmarks.programs.PlantedBugs;

/**
 * Prints how many executions and how much time Lincheck takes to find the defect of planted
 * programs. It draws no seed of its own, so each is run once. Executions are counted from outside,
 * as threads started over threads of an execution.
 */
final class LincheckFirstBugFork {
    private LincheckFirstBugFork() {}

    /** Arguments: executions at most, then programs, each as {@code name:threads}. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        int most = Integer.parseInt(arguments[0]);
        for (String argument : Arrays.asList(arguments).subList(1, arguments.length)) {
            int colon = argument.indexOf(':');
            double threads = Double.parseDouble(argument.substring(colon + 1));
            out.println(line(argument.substring(0, colon), threads, most));
        }
        System.exit(0);
    }

    private static String line(String program, double threads, int most) {
        long before = ManagementFactory.getThreadMXBean().getTotalStartedThreadCount();
        long begin = System.nanoTime();
        boolean found = false;
        try {
            Lincheck.runConcurrentTest(most, body(program));
        } catch (AssertionError e) {
            found = true;
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        long started = ManagementFactory.getThreadMXBean().getTotalStartedThreadCount() - before;
        return String.format(
                Locale.ROOT,
                "first-bug %s lincheck found=%d/1 executions=%s seconds=%.4f",
                program,
                found ? 1 : 0,
                found ? Long.toString(Math.max(1L, Math.round(started / threads))) : "Infinity",
                seconds);
    }

    /**
     * Each lambda calls its program by name: Lincheck instruments the classes that the body's own
     * code mentions.
     */
    @SuppressWarnings("UnnecessaryLambda")
    private static Runnable body(String program) {
        return switch (program) {
            case "lostUpdate2" -> () -> PlantedBugs.lostUpdate2();
            case "lostUpdate5" -> () -> PlantedBugs.lostUpdate5();
            case "lostUpdateAllButOne" -> () -> PlantedBugs.lostUpdateAllButOne();
            case "lostUpdateNoisy" -> () -> PlantedBugs.lostUpdateNoisy();
            case "twoStageLocking" -> () -> PlantedBugs.twoStageLocking();
            case "wrongLock" -> () -> PlantedBugs.wrongLock();
            case "abaStack" -> () -> PlantedBugs.abaStack();
            case "abaValue" -> () -> PlantedBugs.abaValue();
            case "lostNotify" -> () -> PlantedBugs.lostNotify();
            case "notifyOne" -> () -> PlantedBugs.notifyOne();
            case "ifInsteadOfWhile" -> () -> PlantedBugs.ifInsteadOfWhile();
            case "order2" -> () -> PlantedBugs.order2();
            case "order20" -> () -> PlantedBugs.order20();
            case "lastOf20First" -> () -> PlantedBugs.lastOf20First();
            case "reorder2" -> () -> PlantedBugs.reorder2();
            case "reorder5" -> () -> PlantedBugs.reorder5();
            case "reorder10" -> () -> PlantedBugs.reorder10();
            case "earlyPublication" -> () -> PlantedBugs.earlyPublication();
            case "chain2" -> () -> PlantedBugs.chain2();
            case "chain3" -> () -> PlantedBugs.chain3();
            case "chain4" -> () -> PlantedBugs.chain4();
            case "deadlock2" -> () -> PlantedBugs.deadlock2();
            case "deadlock3" -> () -> PlantedBugs.deadlock3();
            case "deadlock4" -> () -> PlantedBugs.deadlock4();
            case "deadlock5" -> () -> PlantedBugs.deadlock5();
            case "readWriteUpgrade" -> () -> PlantedBugs.readWriteUpgrade();
            case "semaphoreBarging" -> () -> PlantedBugs.semaphoreBarging();
            case "checkThenPut" -> () -> PlantedBugs.checkThenPut();
            case "checkThenPutThrice" -> () -> PlantedBugs.checkThenPutThrice();
            case "queueCounter" -> () -> PlantedBugs.queueCounter();
            case "workStealing" -> () -> PlantedBugs.workStealing();
            case "testThenSet" -> () -> PlantedBugs.testThenSet();
            case "peterson" -> () -> PlantedBugs.peterson();
            case "sequenceLock" -> () -> PlantedBugs.sequenceLock();
            case "initializedTwice" -> () -> PlantedBugs.initializedTwice();
            case "referenceCount" -> () -> PlantedBugs.referenceCount();
            case "transfer" -> () -> PlantedBugs.transfer();
            case "earlySignal" -> () -> PlantedBugs.earlySignal();
            default -> throw new IllegalArgumentException("program=" + program);
        };
    }
}

package programs;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Interprets a small program: tasks separated by semicolons, each a sequence of an instruction's
 * letter and a digit for its variable, lock or task.
 */
public final class Generated {
    private final AtomicInteger[] variables = new AtomicInteger[5];
    private final ReentrantLock[] locks = {new ReentrantLock(), new ReentrantLock()};
    private final Object[] monitors = {new Object(), new Object()};
    private final Thread[] threads;
    private final int[] registers;

    private Generated(int tasks) {
        Arrays.setAll(variables, i -> new AtomicInteger());
        threads = new Thread[tasks];
        registers = new int[tasks];
    }

    /**
     * Runs a program.
     *
     * @param daemons whether the first task does not wait for the others, which end with it
     */
    public static String run(String program, boolean daemons) throws InterruptedException {
        String[] tasks = program.split(";");
        Generated state = new Generated(tasks.length);
        for (int t = 1; t < tasks.length; t++) {
            int task = t;
            state.threads[t] = new Thread(() -> state.interpret(task, tasks[task]));
            state.threads[t].setDaemon(daemons);
        }
        state.threads[0] = Thread.currentThread();
        for (int t = 1; t < tasks.length; t++) {
            state.threads[t].start();
        }
        state.interpret(0, tasks[0]);
        if (daemons) {
            return Integer.toString(state.registers[0]);
        }
        for (int t = 1; t < tasks.length; t++) {
            state.threads[t].join();
        }
        return Arrays.toString(state.variables) + Arrays.toString(state.registers);
    }

    private void interpret(int task, String code) {
        int register = task;
        for (int i = 0; i + 1 < code.length(); i += 2) {
            int n = code.charAt(i + 1) - '0';
            switch (code.charAt(i)) {
                case 'r' -> register = (register * 3 + variables[n].get()) % 7;
                case 'w' -> variables[n].set((register + 1) % 7);
                case 'u' -> register = (register + variables[n].incrementAndGet()) % 7;
                case 'l' -> locks[n].lock();
                case 'x' -> {
                    if (locks[n].isHeldByCurrentThread()) {
                        locks[n].unlock();
                    }
                }
                case 't' -> register = (register + (locks[n].tryLock() ? 1 : 0)) % 7;
                case 's' -> {
                    synchronized (monitors[n]) {
                        register = (register * 2 + variables[0].getAndSet(register)) % 7;
                    }
                }
                case 'm' -> {
                    synchronized (monitors[n]) {
                        register = (register * 2 + variables[4].get()) % 7;
                    }
                }
                case 'j' -> join(threads[n]);
                case 'p' -> LockSupport.park(this);
                case 'n' -> LockSupport.unpark(threads[n]);
                case 'y' -> Thread.yield();
                case 'c' -> {
                    if ((register + variables[n].get()) % 5 == 3) {
                        throw new AssertionError("task=" + task + " at=" + i);
                    }
                }
                default -> throw new IllegalArgumentException(code);
            }
        }
        registers[task] = register;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

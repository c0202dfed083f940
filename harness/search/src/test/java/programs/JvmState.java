package programs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.security.Provider;
import java.security.Security;
import java.util.Locale;
import java.util.Properties;
import java.util.TimeZone;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Each looks at something that the JVM keeps, then sets it, and says what it saw and what another
 * task sees of the setting.
 */
@SuppressWarnings("SystemOut")
public final class JvmState {
    private static final String KEY = "programs.key";

    private JvmState() {}

    private interface Look {
        Object at() throws Exception;
    }

    /** What is seen before, and by another task after, the setting. */
    private static String seen(Look look, Runnable set) throws Exception {
        Object before = look.at();
        set.run();
        Object[] after = new Object[1];
        Thread task =
                new Thread(() -> {
                    try {
                        after[0] = look.at();
                    } catch (Exception e) {
                        after[0] = e;
                    }
                });
        task.start();
        task.join();
        return before + " " + after[0];
    }

    public static String property() throws Exception {
        return seen(() -> System.getProperty(KEY), () -> System.setProperty(KEY, "set"));
    }

    public static String number() throws Exception {
        return seen(() -> Integer.getInteger(KEY, 1), () -> System.getProperties().put(KEY, "2"));
    }

    public static String cleared() throws Exception {
        return seen(
                () -> System.getProperty("java.version") != null,
                () -> System.clearProperty("java.version"));
    }

    public static String properties() throws Exception {
        return seen(
                () -> System.getProperty(KEY, "none"),
                () -> {
                    Properties all = new Properties();
                    all.setProperty(KEY, "own");
                    System.setProperties(all);
                });
    }

    public static String locale() throws Exception {
        return seen(
                () -> Locale.getDefault() == Locale.KOREA, () -> Locale.setDefault(Locale.KOREA));
    }

    public static String format() throws Exception {
        return seen(
                () -> String.format("%.1f", 0.5),
                () -> Locale.setDefault(Locale.Category.FORMAT, Locale.GERMANY));
    }

    public static String timeZone() throws Exception {
        return seen(
                () -> TimeZone.getDefault().getID().equals("XYZ"),
                () -> {
                    TimeZone zone = TimeZone.getTimeZone("GMT+1");
                    zone.setID("XYZ");
                    TimeZone.setDefault(zone);
                });
    }

    /** Output goes to a stream of the execution; what the JDK prints for the program, too. */
    public static String streams() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream own = new PrintStream(out, true);
        InputStream in = new ByteArrayInputStream(new byte[] {'!'});
        boolean set = System.in instanceof ByteArrayInputStream;
        System.setOut(own);
        System.setErr(own);
        System.setIn(in);
        Thread task =
                new Thread(() -> {
                    System.out.print("out ");
                    IO.print("io ");
                    new IllegalStateException("trace").printStackTrace();
                });
        task.start();
        task.join();
        String text = out.toString();
        return set + " " + text.substring(0, text.indexOf("trace")) + (char) System.in.read();
    }

    public static String authenticator() throws Exception {
        return seen(
                () -> Authenticator.getDefault() == null,
                () -> Authenticator.setDefault(new Authenticator() {}));
    }

    public static String cookies() throws Exception {
        return seen(
                () -> CookieHandler.getDefault() == null,
                () -> CookieHandler.setDefault(new CookieManager()));
    }

    public static String proxy() throws Exception {
        return seen(() -> ProxySelector.getDefault() == null, () -> ProxySelector.setDefault(null));
    }

    /** A factory can be set only once. */
    public static String urlHandlers() throws Exception {
        return seen(JvmState::url, () -> URL.setURLStreamHandlerFactory(JvmState::handler));
    }

    private static Object url() {
        try {
            return URI.create("programs:x").toURL().getProtocol();
        } catch (MalformedURLException e) {
            return "unknown";
        }
    }

    private static URLStreamHandler handler(String protocol) {
        return new URLStreamHandler() {
            @Override
            protected URLConnection openConnection(URL url) throws IOException {
                throw new IOException(protocol);
            }
        };
    }

    public static String securityProperty() throws Exception {
        return seen(() -> Security.getProperty(KEY), () -> Security.setProperty(KEY, "set"));
    }

    public static String provider() throws Exception {
        return seen(
                () -> Security.getProvider("programs") != null,
                () -> Security.addProvider(new Provider("programs", "1", "none") {}));
    }

    /** A bean of the management interface. */
    public interface CounterMBean {
        int getCount();
    }

    private static final class Counter implements CounterMBean {
        @Override
        public int getCount() {
            return 7;
        }
    }

    /** A name can be given only once. */
    public static String bean() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("programs:type=Counter");
        return seen(
                () -> server.isRegistered(name),
                () -> {
                    try {
                        server.registerMBean(new Counter(), name);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    /** A logger has its level and its handlers. */
    public static String logger() throws Exception {
        Logger logger = Logger.getLogger("programs");
        Logger root = Logger.getLogger("");
        return seen(
                () ->
                        logger.getLevel()
                                + "/"
                                + logger.getHandlers().length
                                + "/"
                                + Logger.getGlobal().getLevel()
                                + "/"
                                + root.getHandlers().length
                                + root.getHandlers()[0].getLevel(),
                () -> {
                    logger.setLevel(Level.FINE);
                    logger.addHandler(new ConsoleHandler());
                    Logger.getGlobal().setLevel(Level.FINER);
                    root.getHandlers()[0].setLevel(Level.SEVERE);
                });
    }

    /** A socket that listens when the execution ends; its port is the outcome. */
    public static String port() throws Exception {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return "" + server.getLocalPort();
    }

    /** A process runs for longer than the execution. */
    public static String process() throws Exception {
        return "" + new ProcessBuilder("sleep", "600").start().isAlive();
    }

    /** Two tasks look whether a property is set before they set it: one setting is lost. */
    public static String checkThenSet() throws Exception {
        int[] first = new int[2];
        Thread[] tasks = new Thread[2];
        for (int i = 0; i < 2; i++) {
            int own = i;
            tasks[i] =
                    new Thread(() -> {
                        if (System.getProperty(KEY) == null) {
                            System.setProperty(KEY, "set");
                            first[own] = 1;
                        }
                    });
            tasks[i].start();
        }
        tasks[0].join();
        tasks[1].join();
        return "" + (first[0] + first[1]);
    }
}

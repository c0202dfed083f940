package org.selvage.weaver;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.CodeSource;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.Carrier;
import org.selvage.hooks.ClassInitializer;
import org.selvage.hooks.StaticsOwner;

/**
 * Loads the program under test, weaving each class. The JDK and the classes that the harness shares
 * with the program come from the parent; everything else that the program's class path has is
 * loaded here first.
 */
public final class ProgramLoader extends URLClassLoader implements StaticsOwner {
    // Not parallel capable: the table of locks that such a loader needs breaks when a stack
    // overflows
    // in the middle of its growth, and the next thread that looks in it never comes back.

    private final Predicate<String> shared;
    private final @Nullable Map<String, Code> code;
    private final Map<String, String> leftAlone;
    private final List<String> unwoven = new ArrayList<>();
    private final List<ClassInitializer> initialized = new ArrayList<>();
    private final ClassFiles files = new ClassFiles(this::findResource);
    private ProgramWeaver weaver;
    private String kept = "";

    /**
     * A class file ready to be defined.
     *
     * @param source where it came from
     * @param holder the class file of the class that holds its fields, if it is an interface
     *     ({@link StaticReset})
     * @param unwoven why it is not woven, or an empty string
     * @param kept why what the JVM keeps of it cannot be made fresh, or an empty string
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Code(
            byte[] classFile, byte @Nullable [] holder, URL source, String unwoven, String kept) {}

    /**
     * Makes a loader.
     *
     * @param classPath jars and folders (with a slash at the end) of the program
     * @param parent loads the JDK, the harness and whatever the class path does not have
     * @param shared names of classes that the parent must load, such as the harness's own
     */
    public ProgramLoader(URL[] classPath, ClassLoader parent, Predicate<String> shared) {
        super("program", classPath, parent);
        this.shared = shared;
        this.code = null;
        this.leftAlone = Map.of();
        this.weaver = new ProgramWeaver(new ProgramTypes(files, parent, this::isProgram, false));
    }

    /**
     * Makes a loader whose classes can be made fresh.
     *
     * @param code class files that are woven already, by class name; those that this loader weaves
     *     are added
     * @param leftAlone names of classes that are not woven, with the reason
     */
    ProgramLoader(
            URL[] classPath,
            ClassLoader parent,
            Predicate<String> shared,
            Map<String, Code> code,
            Map<String, String> leftAlone) {
        super("program", classPath, parent);
        this.shared = shared;
        this.code = code;
        this.leftAlone = leftAlone;
        this.weaver = new ProgramWeaver(new ProgramTypes(files, parent, this::isProgram, true));
    }

    ProgramWeaver weaver() {
        return weaver;
    }

    /** Weaves as another loader of the same program does, so that sites keep their numbers. */
    void weaveWith(ProgramWeaver other) {
        weaver = other;
    }

    @Override
    public void initializing(ClassInitializer type) {
        synchronized (initialized) {
            initialized.add(type);
        }
    }

    @Override
    public void initialize(Class<?> type) throws Throwable {
        MethodHandle use;
        try {
            Class<?> home = home(type);
            use =
                    MethodHandles.privateLookupIn(home, MethodHandles.lookup())
                            .findStatic(
                                    home,
                                    StaticReset.useMethod(type.getName()),
                                    MethodType.methodType(void.class, int.class));
        } catch (NoSuchMethodException e) {
            return; // one that the JVM has initialised
        }
        use.invokeExact(0);
    }

    private Class<?> home(Class<?> type) throws ClassNotFoundException {
        Code known = code == null ? null : code.get(type.getName());
        return known == null || known.holder == null
                ? type
                : loadClass(StaticReset.holder(type.getName()));
    }

    @Override
    public void keeps(Class<?> type, String reason) {
        keep(reason);
    }

    private void keep(String reason) {
        synchronized (initialized) {
            kept = reason;
        }
    }

    /**
     * From now on each class runs its initialiser before it is used again.
     *
     * @return whether this is possible
     */
    boolean reset() {
        ResourceBundle.clearCache(this); // bundles are objects of the program
        synchronized (initialized) {
            for (ClassInitializer type : initialized) {
                type.reset();
            }
            return kept.isEmpty();
        }
    }

    /** Why static variables of this loader's classes cannot be made fresh, or an empty string. */
    String kept() {
        synchronized (initialized) {
            return kept;
        }
    }

    /** How many classes were initialised that can be again. */
    int initialized() {
        synchronized (initialized) {
            return initialized.size();
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        Carrier carrier = Carrier.current();
        boolean live = carrier != null && carrier.setLive(false);
        try {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null) {
                    loaded = isShared(name) ? getParent().loadClass(name) : findOrDelegate(name);
                }
                if (resolve) {
                    resolveClass(loaded);
                }
                return loaded;
            }
        } finally {
            if (carrier != null) {
                carrier.setLive(live);
            }
        }
    }

    private boolean isProgram(String name) {
        return !isShared(name) && files.find(name) != null;
    }

    private boolean isShared(String name) {
        return name.startsWith("java.") || name.startsWith("jdk.") || shared.test(name);
    }

    private Class<?> findOrDelegate(String name) throws ClassNotFoundException {
        String interfaceName = StaticReset.held(name);
        if (interfaceName != null) {
            Code beside = code(interfaceName);
            if (beside != null && beside.holder != null) {
                return defineClass(name, beside.holder, 0, beside.holder.length, source(beside));
            }
        }
        Code found = code(name);
        return found == null ? getParent().loadClass(name) : define(name, found);
    }

    /** The woven class, or null if the class path does not have it. */
    private @Nullable Code code(String name) throws ClassNotFoundException {
        Code known = code == null ? null : code.get(name);
        if (known != null) {
            return known;
        }
        URL resource = files.find(name);
        if (resource == null) {
            return null;
        }
        Code made = weave(name, read(name, resource), resource);
        if (code != null) {
            code.put(name, made);
        }
        return made;
    }

    private static CodeSource source(Code made) {
        return new CodeSource(made.source, (Certificate @Nullable []) null);
    }

    private Class<?> define(String name, Code made) {
        int dot = name.lastIndexOf('.');
        if (dot > 0 && getDefinedPackage(name.substring(0, dot)) == null) {
            definePackage(name.substring(0, dot), null, null, null, null, null, null, null);
        }
        if (!made.unwoven.isEmpty()) {
            synchronized (initialized) {
                unwoven.add(name + ": " + made.unwoven);
            }
            keep(name + " is not woven");
        }
        if (!made.kept.isEmpty()) {
            keep(made.kept);
        }
        return defineClass(name, made.classFile, 0, made.classFile.length, source(made));
    }

    private Code weave(String name, byte[] classFile, URL source) {
        String reason = leftAlone.getOrDefault(name, "");
        if (reason.isEmpty()) {
            try {
                ProgramWeaver.Woven woven = weaver.weave(classFile);
                return new Code(woven.classFile(), woven.holder(), source, "", woven.kept());
            } catch (RuntimeException e) {
                reason = e.toString();
            }
        }
        return new Code(classFile, null, source, reason, "");
    }

    private byte[] read(String name, URL resource) throws ClassNotFoundException {
        try {
            return files.read(resource);
        } catch (IOException e) {
            throw new ClassNotFoundException("cannot read class=" + name + " from=" + resource, e);
        }
    }

    @Override
    public void close() throws IOException {
        files.close();
        super.close();
    }

    /** Classes that could not be woven and run without scheduling points, with the reason. */
    public List<String> unwoven() {
        synchronized (initialized) {
            return List.copyOf(unwoven);
        }
    }
}

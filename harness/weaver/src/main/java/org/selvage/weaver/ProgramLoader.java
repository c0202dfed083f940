package org.selvage.weaver;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.security.CodeSource;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.Carrier;

/**
 * Loads the program under test, weaving each class. The JDK and the classes that the harness shares
 * with the program come from the parent; everything else that the program's class path has is
 * loaded here first.
 */
public final class ProgramLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final Predicate<String> shared;
    private final ProgramWeaver weaver;
    private final List<String> unwoven = new ArrayList<>();

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
        this.weaver = new ProgramWeaver(new ProgramTypes(this, this::isProgram));
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
        return !isShared(name) && findResource(name.replace('.', '/') + ".class") != null;
    }

    private boolean isShared(String name) {
        return name.startsWith("java.") || name.startsWith("jdk.") || shared.test(name);
    }

    private Class<?> findOrDelegate(String name) throws ClassNotFoundException {
        URL resource = findResource(name.replace('.', '/') + ".class");
        return resource == null ? getParent().loadClass(name) : define(name, resource);
    }

    private Class<?> define(String name, URL resource) throws ClassNotFoundException {
        byte[] classFile = read(name, resource);
        byte[] woven = weave(name, classFile);
        int dot = name.lastIndexOf('.');
        if (dot > 0 && getDefinedPackage(name.substring(0, dot)) == null) {
            definePackage(name.substring(0, dot), null, null, null, null, null, null, null);
        }
        CodeSource source = new CodeSource(resource, (Certificate @Nullable []) null);
        return defineClass(name, woven, 0, woven.length, source);
    }

    private byte[] weave(String name, byte[] classFile) {
        try {
            return weaver.weave(classFile);
        } catch (RuntimeException e) {
            synchronized (unwoven) {
                unwoven.add(name + ": " + e);
            }
            return classFile;
        }
    }

    private static byte[] read(String name, URL resource) throws ClassNotFoundException {
        try {
            URLConnection connection = resource.openConnection();
            connection.setUseCaches(false);
            try (InputStream in = connection.getInputStream()) {
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new ClassNotFoundException("cannot read class=" + name + " from=" + resource, e);
        }
    }

    /** Classes that could not be woven and run without scheduling points, with the reason. */
    public List<String> unwoven() {
        synchronized (unwoven) {
            return List.copyOf(unwoven);
        }
    }
}

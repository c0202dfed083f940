package org.selvage.weaver;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import net.bytebuddy.dynamic.ClassFileLocator;
import org.jspecify.annotations.Nullable;

/**
 * Reads class files of a class path. A jar is opened once, and its signature is not looked at: what
 * is woven does not match it anyway.
 */
final class ClassFiles implements ClassFileLocator {
    private final Function<String, @Nullable URL> finder;
    private final Map<String, JarFile> jars = new HashMap<>();

    /**
     * Makes it for one class path.
     *
     * @param finder where a resource is, or null if the class path does not have it
     */
    ClassFiles(Function<String, @Nullable URL> finder) {
        this.finder = finder;
    }

    /** Where the class of this name is, or null if the class path does not have it. */
    @Nullable URL find(String className) {
        return finder.apply(className.replace('.', '/') + ".class");
    }

    @Override
    public Resolution locate(String className) throws IOException {
        URL found = find(className);
        return found == null
                ? new Resolution.Illegal(className)
                : new Resolution.Explicit(read(found));
    }

    byte[] read(URL resource) throws IOException {
        URLConnection connection = resource.openConnection();
        connection.setUseCaches(false);
        try (InputStream in =
                connection instanceof JarURLConnection entry
                                && entry.getJarFileURL().getProtocol().equals("file")
                        ? open(entry)
                        : connection.getInputStream()) {
            return in.readAllBytes();
        }
    }

    /** The connection's own stream would read the jar's directory for each class. */
    private synchronized InputStream open(JarURLConnection entry) throws IOException {
        String file = entry.getJarFileURL().toString();
        JarFile jar = jars.get(file);
        if (jar == null) {
            File path = Path.of(URI.create(file)).toFile();
            jar = new JarFile(path, false, ZipFile.OPEN_READ, JarFile.runtimeVersion());
            jars.put(file, jar);
        }
        ZipEntry found = jar.getEntry(entry.getEntryName());
        if (found == null) {
            throw new IOException("the jar has changed: " + entry.getURL());
        }
        return jar.getInputStream(found);
    }

    @Override
    public synchronized void close() throws IOException {
        for (JarFile jar : jars.values()) {
            jar.close();
        }
        jars.clear();
    }
}

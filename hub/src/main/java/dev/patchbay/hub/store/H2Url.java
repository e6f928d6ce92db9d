package dev.patchbay.hub.store;

import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.h2.Driver;

/**
 * Where the database is, in H2's words.
 *
 * @param text with our settings
 * @param file what it leads to
 */
record H2Url(String text, Path file) {
    static final String USER = "hub";
    static final String PASSWORD = "";

    /**
     * Ours, unless the configured URL says otherwise. DB_CLOSE_ON_EXIT: the hub's own stop decides when. CACHE_SIZE in KB: the hub
     * lives in little memory, and the operating system caches too. MAX_COMPACT_TIME in ms: H2 would move chunks about at the end,
     * over what a power cut may have to fall back on.
     */
    private static final List<String> SETTINGS =
            List.of("DB_CLOSE_ON_EXIT=FALSE", "LOCK_TIMEOUT=10000", "CACHE_SIZE=16384", "MAX_COMPACT_TIME=0");

    private static final String SUFFIX = ".mv.db";

    /**
     * As it is configured.
     *
     * @param files where the file is
     * @throws StoreException of kind REFUSED if it is not a file of H2
     */
    static H2Url of(String configured, FileSystem files) {
        return new H2Url(withSettings(configured), file(configured, files));
    }

    /** The same beside it, for a database that is not whole yet. */
    H2Url unfinished() {
        String[] parts = text.split(";", 2);
        String name = String.valueOf(file.getFileName());
        String unfinished = name.substring(0, name.length() - SUFFIX.length()) + ".new" + SUFFIX;
        return new H2Url(parts[0] + ".new;" + parts[1], file.resolveSibling(unfinished));
    }

    String withoutSettings() {
        return text.split(";", 2)[0];
    }

    Connection connect() throws SQLException {
        return connect(text);
    }

    static Connection connect(String url) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", PASSWORD);
        Connection connection = Driver.load().connect(url, properties);
        if (connection == null) {
            throw new SQLException(url + " is not a URL of H2; it starts with jdbc:h2:");
        }
        return connection;
    }

    private static String withSettings(String url) {
        var all = new StringBuilder(url);
        for (String setting : SETTINGS) {
            String name = setting.substring(0, setting.indexOf('=') + 1);
            if (!url.contains(";" + name)) {
                all.append(';').append(setting);
            }
        }
        return all.toString();
    }

    /** The database's file. */
    static Path file(String url) {
        return file(url, FileSystems.getDefault());
    }

    private static Path file(String url, FileSystem files) {
        if (!url.startsWith("jdbc:h2:") || url.matches("jdbc:h2:(mem|tcp|ssl|zip):.*")) {
            throw StoreException.refused(
                    "store.url: " + url + " is not a file of H2", "write jdbc:h2:file:./data/hub", null);
        }
        String path = url.split(";", 2)[0].substring("jdbc:h2:".length());
        // file: and the names of other file systems of H2, but not a drive.
        return files.getPath(path.replaceFirst("^([A-Za-z]{2,}:)+", "") + SUFFIX);
    }
}

package dev.patchbay.hub.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** The file of a store that no hub has open: a copy, a backup, or what a hub has left. */
public final class StoreFile {
    private static final String ENDING = ".mv.db";
    private static final String READ_ONLY = ";ACCESS_MODE_DATA=r";

    /** The version of the tables that this hub knows. */
    public static final int SCHEMA = Schema.VERSION;

    private StoreFile() {}

    /** Copies a file that nobody writes into a new one. */
    public static StoreCopy copy(Path file, Path target, CopyWatch watch) throws IOException {
        StoreIdentity identity = identity(file);
        FileCopy.Copied copied = FileCopy.copy(file, target, watch);
        return new StoreCopy(identity.storeId(), identity.commitNumber(), copied.bytes(), copied.sha256());
    }

    /**
     * Reads every record. Changes nothing in the file, whatever state it is in; if H2 cannot read it without repairing it, a copy
     * beside it is read.
     *
     * @throws StoreException if it is no store that can be opened at all
     */
    public static StoreReport check(Path file, BodyVisitor visitor) throws IOException {
        return withReadable(file, sql -> RecordWalk.walk(sql, visitor));
    }

    /** Which store it is and how far it has come. As {@link #check}, without reading more than that. */
    public static StoreIdentity identity(Path file) throws IOException {
        return withReadable(file, sql -> {
            var state = new HubState();
            state.load(sql);
            return state.identity();
        });
    }

    /** Something that is done with an open store. */
    @FunctionalInterface
    interface Reading<R> {
        R run(Sql sql) throws SQLException, IOException;
    }

    static <R> R withReadable(Path file, Reading<R> reading) throws IOException {
        Sql readOnly;
        try {
            readOnly = open(file, READ_ONLY);
        } catch (SQLException notAsItIs) {
            return withCopy(file, reading, notAsItIs);
        }
        return run(readOnly, file, reading);
    }

    /** H2 may want to repair it: that is done to a copy. */
    private static <R> R withCopy(Path file, Reading<R> reading, SQLException why) throws IOException {
        if (!H2Errors.isDamage(why) && why.getErrorCode() != org.h2.api.ErrorCode.DATABASE_IS_READ_ONLY) {
            throw unreadable(file, why);
        }
        Path copy = file.resolveSibling("look-" + file.getFileName());
        Files.deleteIfExists(copy);
        try {
            FileCopy.copy(file, copy, CopyWatch.NONE);
            return run(open(copy, ""), file, reading);
        } catch (SQLException stillNot) {
            throw unreadable(file, stillNot);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static <R> R run(Sql sql, Path file, Reading<R> reading) throws IOException {
        try (sql) {
            return reading.run(sql);
        } catch (SQLException broken) {
            throw unreadable(file, broken);
        }
    }

    private static StoreException unreadable(Path file, SQLException why) {
        return StoreException.damaged(file + " cannot be read: " + H2Errors.firstLine(why), why);
    }

    /** Opens a file; closing the answer closes it. */
    static Sql open(Path file, String settings) throws SQLException {
        return new Sql(H2Url.connect(url(file) + settings));
    }

    static String url(Path file) {
        String path = file.toAbsolutePath().toString();
        return "jdbc:h2:file:" + path.substring(0, path.length() - ENDING.length())
                + ";IFEXISTS=TRUE;DB_CLOSE_ON_EXIT=FALSE;CACHE_SIZE=16384;MAX_COMPACT_TIME=0";
    }
}

package dev.patchbay.plugin.telegram;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.AttachmentUnavailable;
import dev.patchbay.api.Button;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.plugin.telegram.MediaMessages.Below;
import dev.patchbay.plugin.telegram.Progress.Done;
import dev.patchbay.plugin.telegram.TelegramSettings.ReplyMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends messages. One with attachments may take several calls: each that was done is noted, so that a repeat does not do it again.
 * Safe for many threads.
 */
final class WayOut {
    private static final int ALBUM_MAX = 10;

    private final Texts texts;
    private final MediaMessages media;
    private final Progress progress;
    private final ReplyMode replyMode;

    /** One call, or one that replaces another: it answers the remote id of what it sent. */
    private interface Step {
        String to(Target target) throws ApiTrouble, AttachmentUnavailable, InterruptedException;
    }

    WayOut(Texts texts, MediaMessages media, Progress progress, ReplyMode replyMode) {
        this.texts = texts;
        this.media = media;
        this.progress = progress;
        this.replyMode = replyMode;
    }

    DeliveryOutcome deliver(OutboundMessage message) throws InterruptedException {
        Target target;
        try {
            target = Target.of(message, replyMode);
        } catch (IllegalArgumentException nowhere) {
            return new Refused(String.valueOf(nowhere.getMessage()));
        }
        List<Step> steps = steps(message);
        if (steps.isEmpty()) {
            return new Refused("there is nothing to send");
        }
        try {
            try {
                return run(message, steps, target);
            } catch (ApiTrouble trouble) {
                String moved = trouble.movedTo();
                if (moved == null) {
                    throw trouble;
                }
                // A group that became a supergroup has a new id; the hub learns it from the group's next message.
                return run(message, steps, target.in(moved));
            }
        } catch (ApiTrouble trouble) {
            return Outcomes.of(trouble);
        } catch (AttachmentUnavailable notNow) {
            return new RetryLater("an attachment: " + notNow.getMessage(), Duration.ZERO);
        }
    }

    private DeliveryOutcome run(OutboundMessage message, List<Step> steps, Target target)
            throws ApiTrouble, AttachmentUnavailable, InterruptedException {
        String key = message.idempotencyKey();
        Done done = steps.size() == 1 ? Done.NOTHING : progress.of(key);
        for (int i = done.calls(); i < steps.size(); i++) {
            // The quote stands at the beginning and nowhere else.
            String id = steps.get(i).to(i == 0 ? target : target.withoutAnswered());
            done = new Done(i + 1, done.first().isEmpty() ? id : done.first());
            if (steps.size() > 1 && i + 1 < steps.size()) {
                progress.keep(key, done);
            }
        }
        if (steps.size() > 1) {
            progress.forget(key);
        }
        return new Delivered(done.first());
    }

    private List<Step> steps(OutboundMessage message) {
        List<List<Attachment>> files = grouped(message.attachments());
        Integer draft = message.part() == 1 ? Target.messageId(message.to().id(), message.draftId()) : null;
        boolean isCaption = draft == null && fitsBelow(message, files);
        var steps = new ArrayList<Step>();
        if (!isCaption && !message.text().isBlank()) {
            List<Button> buttons = message.buttons();
            steps.add(
                    draft == null
                            ? to -> texts.send(to, message.text(), buttons)
                            : to -> texts.replace(to, draft, message.text(), buttons));
        }
        for (List<Attachment> each : files) {
            steps.add(isCaption ? to -> captioned(to, each, message) : to -> files(to, each, Below.NOTHING));
        }
        return steps;
    }

    /** The text of a message with one file, or one album, stands below it if it is short enough. */
    private boolean fitsBelow(OutboundMessage message, List<List<Attachment>> files) {
        return files.size() == 1
                && MediaKind.of(files.getFirst().getFirst()) != MediaKind.PLACE
                && (files.getFirst().size() == 1 || message.buttons().isEmpty())
                && !message.text().isBlank()
                && texts.shown(message.text(), MediaMessages.CAPTION_MAX).shown() <= MediaMessages.CAPTION_MAX;
    }

    private String captioned(Target to, List<Attachment> files, OutboundMessage message)
            throws ApiTrouble, AttachmentUnavailable, InterruptedException {
        Markdown shown = texts.shown(message.text(), MediaMessages.CAPTION_MAX);
        try {
            return files(to, files, new Below(shown, message.buttons()));
        } catch (ApiTrouble trouble) {
            if (shown.isHtml() && trouble.says("can't parse entities")) {
                return files(to, files, new Below(Markdown.plain(message.text()), message.buttons()));
            }
            throw trouble;
        }
    }

    private String files(Target to, List<Attachment> files, Below below)
            throws ApiTrouble, AttachmentUnavailable, InterruptedException {
        try {
            return files.size() == 1 ? media.send(to, files.getFirst(), below) : media.sendAlbum(to, files, below);
        } catch (AttachmentUnavailable gone) {
            if (!gone.isPermanent()) {
                throw gone;
            }
            return instead(to, files, below);
        } catch (ApiTrouble trouble) {
            if (trouble.code() != 413) {
                throw trouble;
            }
            return instead(to, files, below);
        }
    }

    /** Where files were to be stands where they are. */
    private String instead(Target to, List<Attachment> files, Below below) throws ApiTrouble, InterruptedException {
        var lines = new ArrayList<String>();
        Markdown caption = below.caption();
        if (caption != null) {
            lines.add(caption.text());
        }
        for (Attachment each : files) {
            String name = each.name() == null ? "file" : FileFetch.clean(each.name());
            boolean isOnTheWeb = each.url().startsWith("http:") || each.url().startsWith("https:");
            String line = isOnTheWeb ? name + ": " + each.url() : "[" + name + " is not available]";
            lines.add(caption != null && caption.isHtml() ? TelegramHtml.escaped(line) : line);
        }
        String text = String.join("\n", lines);
        Markdown shown = new Markdown(text, caption != null && caption.isHtml(), text.length());
        return texts.sendAs(to, shown, below.markup());
    }

    /** Pictures side by side become albums, everything else stands alone; the order stays. */
    private static List<List<Attachment>> grouped(List<Attachment> attachments) {
        var groups = new ArrayList<List<Attachment>>();
        List<Attachment> album = new ArrayList<>();
        for (Attachment each : attachments) {
            if (MediaKind.of(each) != MediaKind.PHOTO) {
                album = new ArrayList<>();
                groups.add(List.of(each));
                continue;
            }
            if (album.isEmpty() || album.size() == ALBUM_MAX) {
                album = new ArrayList<>();
                groups.add(album);
            }
            album.add(each);
        }
        return groups;
    }
}

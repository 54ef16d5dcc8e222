import type { Collection, Schedule, ScheduleTemplate } from '@amc-reports/collector-service/contract';
import { Button, LoadingPlaceholder, Modal } from '@grafana/ui';
import { useState } from 'react';
import { FailureAlert } from '../../components/FailureAlert';
import { nameMistake, proposedSchedule, toChoice } from '../../components/schedule-draft';
import { ScheduleField } from '../../components/ScheduleField';
import { useScheduleCollection } from '../../data/collection';
import { useSchedules, useScheduleTemplates } from '../../data/schedules';
import { selectors } from '../../selectors';

interface ScheduleModalProps {
  collection: Pick<Collection, 'id' | 'name'>;
  onClose: () => void;
}

/** Chooses what keeps a collection up to date. */
export function ScheduleModal({ collection, onClose }: ScheduleModalProps) {
  const schedules = useSchedules();
  const templates = useScheduleTemplates();
  const error = schedules.error ?? templates.error;
  return (
    <Modal isOpen title={`Keep ${collection.name} up to date`} onDismiss={onClose}>
      {error && <FailureAlert error={error} title="The schedules cannot be shown" />}
      {!error && !(schedules.data && templates.data) && <LoadingPlaceholder text="Loading schedules" />}
      {schedules.data && templates.data && (
        <Chooser collection={collection} schedules={schedules.data} templates={templates.data} onClose={onClose} />
      )}
    </Modal>
  );
}

interface ChooserProps extends ScheduleModalProps {
  schedules: readonly Schedule[];
  templates: readonly ScheduleTemplate[];
}

function Chooser({ collection, schedules, templates, onClose }: ChooserProps) {
  const [draft, setDraft] = useState(() => proposedSchedule(schedules, templates));
  const [submitted, setSubmitted] = useState(false);
  const join = useScheduleCollection(collection.id);
  const mistake = nameMistake(draft);
  const choice = toChoice(draft);
  const submit = () => {
    setSubmitted(true);
    if (choice && mistake === undefined) join.mutate(choice, { onSuccess: onClose });
  };
  return (
    <>
      <ScheduleField
        schedules={schedules}
        templates={templates}
        draft={draft}
        onChange={(next) => {
          setDraft(next);
          join.reset();
        }}
        nameError={submitted ? mistake : undefined}
      />
      {join.error && <FailureAlert error={join.error} title="The schedule was not chosen" />}
      <Modal.ButtonRow>
        <Button variant="secondary" fill="outline" onClick={onClose}>
          Close
        </Button>
        <Button onClick={submit} disabled={join.isPending} data-testid={selectors.schedule.confirm}>
          Keep it up to date
        </Button>
      </Modal.ButtonRow>
    </>
  );
}
